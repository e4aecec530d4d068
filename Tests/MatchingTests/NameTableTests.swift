import Demographics
import Matching
import Testing

/// The tables of names that are used for one another.
@Suite("Name tables")
struct NameTableTests {
    private func group(_ name: String) -> UInt16 { NameVariants.group(Word(name.utf8)) }

    @Test(
        "Forms of one name share a group",
        arguments: [
            ("john", "yohana"), ("tewodros", "tedros"), ("abdulrahman", "abderrahmane"), ("paco", "francisco"),
            ("lakshmi", "laxmi"), ("aboubacar", "bakari"), ("bill", "william"), ("pawulo", "paul"), ("zeca", "jose"),
            ("khalid", "khaled"), ("tigest", "tigist"),
        ]
    )
    func together(first: String, second: String) {
        #expect(group(first) != 0)
        #expect(group(first) == group(second))
    }

    @Test("Different names do not", arguments: [("john", "james"), ("otieno", "odongo"), ("maria", "marta")])
    func apart(first: String, second: String) { #expect(group(first) != group(second)) }

    @Test("Tables are written in normal form and say where they come from", arguments: NameTable.all.indices)
    func tables(index: Int) {
        let table = NameTable.all[index]
        #expect(!table.culture.isEmpty && !table.source.isEmpty && !table.licence.isEmpty)
        for line in table.groups {
            let names = line.split(separator: " ").map(String.init)
            #expect(names.count > 1, "\(line)")
            for name in names { #expect(TermFrequencies.normal(name) == name, "\(name)") }
        }
    }
}

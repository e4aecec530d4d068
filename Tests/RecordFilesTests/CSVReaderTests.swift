import TestRandom
import Testing

@testable import RecordFiles

/// RFC 4180 and what the field adds to it; a bad row costs that row and no other.
@Suite struct CSVReaderTests {
    struct Table: Sendable, CustomTestStringConvertible {
        let text: String
        let rows: [[String]]
        var testDescription: String { text.debugDescription }
    }

    static let tables: [Table] = [
        Table(text: "", rows: []),
        Table(text: "\n\n\r\n", rows: []),
        Table(text: "a,b\n1,2\n", rows: [["a", "b"], ["1", "2"]]),
        Table(text: "a,b\r\n1,2\r\n", rows: [["a", "b"], ["1", "2"]]),
        Table(text: "a,b\r1,2\r", rows: [["a", "b"], ["1", "2"]]),
        Table(text: "a,b\n1,2", rows: [["a", "b"], ["1", "2"]]),
        Table(text: "\u{FEFF}a,b\n1,2", rows: [["a", "b"], ["1", "2"]]),
        Table(text: "a,b\n\n\n1,2\n\n", rows: [["a", "b"], ["1", "2"]]),
        Table(text: ",\n", rows: [["", ""]]),
        Table(text: "a,\n,b\n", rows: [["a", ""], ["", "b"]]),
        Table(text: "\"\"\n", rows: [[""]]),
        Table(text: "\"a\"", rows: [["a"]]),
        Table(text: "\"a, b\",\"c \"\"q\"\"\"\n", rows: [["a, b", "c \"q\""]]),
        Table(text: "\"two\nlines\",x\ny,z\n", rows: [["two\nlines", "x"], ["y", "z"]]),
        Table(text: "\"a\r\nb\",c\r\n", rows: [["a\r\nb", "c"]]),
        Table(text: "5\" nail,b\n", rows: [["5\" nail", "b"]]),
        Table(text: " a , \"b\" \n", rows: [[" a ", " \"b\" "]]),
        Table(text: "a;b\n1,5;2\n", rows: [["a", "b"], ["1,5", "2"]]),
        Table(text: "a\tb\n1\t2\n", rows: [["a", "b"], ["1", "2"]]),
        Table(text: "é,日本\n😀,ñ\n", rows: [["é", "日本"], ["😀", "ñ"]]),
    ]

    @Test(arguments: tables) func `a table gives its rows, wherever its pieces end`(table: Table) throws {
        for pieceLength in [1, 2, 3, 5, .max] {
            let rows = try RecordFilesTests.table(table.text, pieceLength: pieceLength).map { item -> [String] in
                guard case .row(_, let fields) = item else { return ["fault"] }
                return fields
            }
            #expect(rows == table.rows)
        }
    }

    @Test func `rows know their lines`() throws {
        let items = try table("h,i\n\n\"1\n2\",3\r\n4,5\n")
        #expect(items == [.row(1, ["h", "i"]), .row(3, ["1\n2", "3"]), .row(5, ["4", "5"])])
    }

    @Test func `a ragged row is told and the others go on`() throws {
        let items = try table("1,2\n3\n4,5,6\n7,8\n", fields: 2)
        #expect(
            items == [
                .row(1, ["1", "2"]), .fault(2, "1 fields where the header has 2"),
                .fault(3, "3 fields where the header has 2"), .row(4, ["7", "8"]),
            ]
        )
    }

    @Test func `a quote that is never closed costs its line`() throws {
        for pieceLength in [1, 7, .max] {
            let items = try table("1,2\n\"3,4\n5,6\n7,8\n", pieceLength: pieceLength, fields: 2)
            #expect(
                items == [
                    .row(1, ["1", "2"]), .fault(2, "a quote is never closed"), .row(3, ["5", "6"]),
                    .row(4, ["7", "8"]),
                ]
            )
        }
    }

    @Test func `a stray quote does not swallow the good rows up to the next quote`() throws {
        let items = try table("1,\"2\n3,4\n5,\"6\"\n7,8\n", fields: 2)
        #expect(
            items == [
                .fault(1, "text after the closing quote of field 2"), .row(2, ["3", "4"]), .row(3, ["5", "6"]),
                .row(4, ["7", "8"]),
            ]
        )
    }

    @Test func `rows longer than the limit are told, quoted or not`() throws {
        let long = String(repeating: "x", count: CSVReader.rowBytesMax + 10)
        let much = String(repeating: "y", count: 10 << 20)
        for text in ["1,2\n\(long),2\n3,4\n", "1,2\n\"\(long)\",2\n3,4\n", "1,2\n\(much)\n3,4", "1,2\n\"\(much)\n3,4"] {
            let items = try table(text, fields: 2)
            #expect(items.count == 3)
            #expect(items.first == .row(1, ["1", "2"]))
            #expect(items.last == .row(3, ["3", "4"]))
            guard case .fault(2, let reason) = items[1] else {
                Issue.record("no fault on line 2")
                continue
            }
            #expect(reason.hasPrefix("row longer than 65536 bytes"))
        }
    }

    @Test(arguments: 0..<200) func `what the writer writes the reader reads`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let pieces = ["a", "Nakato", ",", "\"", "\n", "\r\n", ";", "\t", " ", "é", "😀", ""]
        let width = Int.random(in: 1...5, using: &random)
        let rows = (0..<Int.random(in: 1...8, using: &random)).map { _ in
            (0..<width).map { _ in
                (0..<Int.random(in: 0...4, using: &random)).map { _ in pieces.randomElement(using: &random) ?? "" }
                    .joined()
            }
        }
        var writer = CSVWriter()
        // The header decides on the delimiter.
        writer.row((0..<width).map { "c\($0)" })
        for row in rows { writer.row(row) }
        let pieceLength = Int.random(in: 1...20, using: &random)
        let items = try table(writer.bytes, pieceLength: pieceLength, fields: width)
        #expect(
            items.dropFirst().map { item -> [String] in
                guard case .row(_, let fields) = item else { return [] }
                return fields
            } == rows
        )
    }

    /// Whatever comes in, reading ends, and the lines that are told are those of the file.
    @Test(arguments: 0..<200) func `no bytes stop the reader`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed &+ 5_000)
        let alphabet = Array("ab,\"\"\n\r;\u{0}".utf8) + [0xFF]
        let bytes = (0..<Int.random(in: 0...200, using: &random)).map { _ in alphabet.randomElement(using: &random) ?? 0
        }
        let whole = try table(bytes, fields: 2)
        #expect(try table(bytes, pieceLength: 1, fields: 2) == whole)
        let lines = whole.map { item in
            switch item {
            case .row(let line, _), .fault(let line, _): line
            }
        }
        #expect(lines == lines.sorted())
        #expect(Set(lines).count == lines.count)
    }
}

public import Demographics

/// Groups of given names that are used for one another: nicknames, short forms, the same name in other languages.
///
/// The groups come from `NameTable.all`. A name stands in one group only: that of the first table which has it.
public enum NameVariants {
    /// The group of a name; 0 where it has none.
    public static func group(_ word: Word) -> UInt16 { groups[word.hash] ?? 0 }

    private static let groups: [UInt64: UInt16] = {
        var table = [UInt64: UInt16]()
        var number: UInt16 = 0
        for names in NameTable.all {
            var added = [UInt64: UInt16]()
            for line in names.groups {
                let hashes = line.split(separator: " ").map { Word($0.utf8).hash }
                // A group that an earlier table knows is widened and not doubled.
                let known = hashes.compactMap { table[$0] }.first
                if known == nil { number += 1 }
                for hash in hashes where table[hash] == nil { added[hash] = known ?? number }
            }
            table.merge(added) { first, _ in first }
        }
        return table
    }()
}

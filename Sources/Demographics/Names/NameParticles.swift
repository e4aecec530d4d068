/// Words of names that stand before the telling one: `bin`, `al`, `de`, `van`.
///
/// They come and go between records of one person, and people who share nothing else share them. Written for Tessera
/// from general knowledge of names.
public enum NameParticles {
    /// True where the word is a particle.
    public static func contains(_ word: Word) -> Bool { hashes.contains(word.hash) }

    /// The words that tell people apart; all of them where every word is a particle.
    public static func telling(_ words: [Word]) -> [Word] {
        guard words.count > 1 else { return words }
        let telling = words.filter { !contains($0) }
        return telling.isEmpty ? words : telling
    }

    private static let hashes = Set(tables.joined().map { Word($0.utf8).hash })

    private static let tables: [[String]] = [
        // Arabic and the names that came with Islam.
        [
            "al", "el", "ul", "ad", "ar", "as", "bin", "ibn", "ben", "bint", "binti", "binte", "ould", "wuld", "abu",
            "wad",
        ],
        // Romance.
        ["de", "da", "do", "dos", "das", "del", "della", "di", "du", "des", "la", "le", "los", "las", "y", "e"],
        // Germanic.
        ["van", "von", "der", "den", "ter", "ten", "zu", "zur", "af", "av"],
        // Kikuyu, Kalenjin, Maasai, Swahili.
        ["wa", "arap", "ole", "ole", "mwana"],
        // South Asia and Malaysia.
        ["kaur", "singh", "begum", "bibi", "anak"],
    ]
}

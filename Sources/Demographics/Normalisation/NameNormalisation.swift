/// Names: folded, titles and generation suffixes taken out, placeholders dropped.
enum NameNormalisation {
    /// Most words kept of a given, middle or family name.
    static let partLimit = 4
    /// Most words kept of the mother's name.
    static let motherLimit = 4

    /// The normal form of a name, and the generation (1 senior, 2 junior, 3, 4) that a suffix told, or 0.
    static func normalise(_ name: PersonName) -> (name: NormalisedRecord.Name, generation: UInt8) {
        var result = NormalisedRecord.Name()
        var generation: UInt8 = 0
        for given in name.given.prefix(partLimit) { append(given, to: &result.given, &generation) }
        for middle in name.middle.prefix(partLimit) { append(middle, to: &result.middle, &generation) }
        if !name.family.isEmpty { append(name.family, to: &result.family, &generation) }
        return (result, generation)
    }

    /// The words of a name without roles.
    static func words(of text: String, limit: Int) -> [Word] {
        var words = [Word]()
        var generation: UInt8 = 0
        append(text, to: &words, &generation)
        if words.count > limit { words.removeLast(words.count - limit) }
        return words
    }

    private static func append(_ text: String, to part: inout [Word], _ generation: inout UInt8) {
        let start = part.count
        TextFolding.words(of: text, into: &part)
        var kept = start
        for index in start..<part.count {
            let word = part[index]
            let hash = word.hash
            if titles.contains(hash) || NamePlaceholder.contains(word) { continue }
            // `sr` opens a Spanish title and closes an English name: a suffix stands behind another word.
            if kept > 0, let suffix = suffixes.first(where: { $0.hash == hash }) {
                generation = suffix.generation
                continue
            }
            part[kept] = word
            kept += 1
        }
        if kept < part.count { part.removeLast(part.count - kept) }
        if part.count > partLimit { part.removeLast(part.count - partLimit) }
    }

    private static let titles: Set<UInt64> = Set(
        [
            "mr", "mrs", "ms", "miss", "dr", "prof", "rev", "hon", "sir", "mme", "mlle", "madame", "monsieur",
            "senhor", "senhora", "dona", "mzee", "alhaji", "alhaja", "hajj", "hajji", "hajjia", "sheikh", "smt", "shri",
        ].map { Word($0.utf8).hash }
    )

    private static let suffixes: [(hash: UInt64, generation: UInt8)] = [
        (Word("sr").hash, 1), (Word("senior").hash, 1), (Word("jr").hash, 2), (Word("junior").hash, 2),
        (Word("ii").hash, 2), (Word("iii").hash, 3), (Word("iv").hash, 4),
    ]
}

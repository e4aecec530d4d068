/// The similarities that two words may have, as far as sketches tell.
struct PossibleSimilarity: OptionSet {
    let rawValue: UInt8

    init(rawValue: UInt8) { self.rawValue = rawValue }

    init(_ similarity: TextSimilarity) { rawValue = 1 &<< similarity.rawValue }

    /// A superset of `Comparison.wordSimilarity` of two words.
    ///
    /// - Parameters:
    ///   - word: the query's word.
    ///   - table: its prepared pattern.
    ///   - other: the candidate's word.
    /// - Returns: never empty.
    static func of(_ word: SketchName, _ table: PatternTable.Tables, _ other: SketchName) -> PossibleSimilarity {
        if word.count == other.count, word.letters == other.letters { return PossibleSimilarity(.exact) }
        if word.count == 1 || other.count == 1 {
            return PossibleSimilarity(word[0] == other[0] ? .initial : .different)
        }
        let shorter = Int(min(word.count, other.count))
        let longer = Int(max(word.count, other.count))
        let edits = distance(word, table, other)
        if isClose(edits, shorter, longer) { return PossibleSimilarity(.close) }
        // Equal digests do not prove equal groups or sounds.
        var possible: PossibleSimilarity = []
        if word.variants != 0, word.variants == other.variants { possible.insert(PossibleSimilarity(.variant)) }
        if word.sound != 0, word.sound == other.sound, shorter > 3 { possible.insert(PossibleSimilarity(.similar)) }
        if shorter > 2, word.sharesStart(other) { return possible.union(PossibleSimilarity(.similar)) }
        if edits &* 2 > longer {
            let isContained = word.contains(other) || other.contains(word)
            return possible.union(PossibleSimilarity(isContained ? .remnant : .different))
        }
        return possible.union([PossibleSimilarity(.similar), PossibleSimilarity(.remnant)])
    }

    /// Whether so many edits are what `TextSimilarity.close` forgives.
    @inline(__always)
    static func isClose(_ edits: Int, _ shorter: Int, _ longer: Int) -> Bool {
        edits == 1 && shorter > 2 || edits == 2 && longer > 7
    }

    @inline(__always)
    static func distance(_ word: SketchName, _ table: PatternTable.Tables, _ other: SketchName) -> Int {
        OSADistance.distance(table: table, patternCount: Int(word.count), textCount: Int(other.count)) { other[$0] }
    }

    /// What a crossed comparison can make of it at most: 1 different, 2 close, 3 exact.
    var highestRank: Int {
        if contains(PossibleSimilarity(.exact)) { return 3 }
        // Similar, variant, close.
        return rawValue >= 1 &<< TextSimilarity.similar.rawValue ? 2 : 1
    }
}

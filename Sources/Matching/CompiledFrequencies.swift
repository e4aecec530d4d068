import Demographics

/// Term frequencies by the hash of the name, as scoring looks them up.
struct CompiledFrequencies: Sendable {
    /// Index of the alternative that is adjusted.
    let alternative: Int
    private let given: NameWeights
    private let family: NameWeights
    private let otherGiven: Int32
    private let otherFamily: Int32
    /// The most that an exact given or family name can gain; never negative.
    let bestGiven: Int32
    let bestFamily: Int32

    /// Compiles tables.
    ///
    /// - Returns: `nil` where the alternative is not known.
    init?(_ frequencies: TermFrequencies, alternatives: [Alternative]) {
        guard let index = alternatives.firstIndex(where: { $0.name == frequencies.alternative }) else { return nil }
        alternative = index
        given = NameWeights(frequencies.givenNames)
        family = NameWeights(frequencies.familyNames)
        otherGiven = frequencies.otherGivenName ?? 0
        otherFamily = frequencies.otherFamilyName ?? 0
        bestGiven = max(0, otherGiven, given.most)
        bestFamily = max(0, otherFamily, family.most)
    }

    /// The adjustments of a record's names.
    func adjustments(_ view: borrowing FeatureView, _ bytes: UnsafePointer<UInt8>) -> NameAdjustments {
        var result = NameAdjustments()
        result.alternative = alternative
        for name in 0..<view.nameCount {
            if let hash = CompiledFrequencies.hash(.given, name, view, bytes) {
                result.given[name] = given[hash] ?? otherGiven
            }
            if let hash = CompiledFrequencies.hash(.family, name, view, bytes) {
                result.family[name] = family[hash] ?? otherFamily
            }
        }
        return result
    }

    /// The hash of the joined form of a name part.
    private static func hash(
        _ tag: FeatureTag,
        _ name: Int,
        _ view: borrowing FeatureView,
        _ bytes: UnsafePointer<UInt8>
    ) -> UInt64? {
        guard view.count(tag, name) > 0 else { return nil }
        let text = view.texts[view.index(tag, name)]
        let prefix = FeatureTag.prefixLength(stored: tag.stored(name))
        let start = Int(text.start) + prefix
        return Word(UnsafeRawBufferPointer(start: bytes + start, count: Int(text.count) - prefix)).hash
    }
}

/// What tells a brother from a sister where their given names are alike.
extension Comparison {
    /// True where sex and birth year differ and the given names are alike without being one name.
    ///
    /// Each alone is a slip of the pen, and together they are still fewer wrong keys than many a typing error: Achieng
    /// (a girl) and Ochieng (a boy) differ in one letter, and so do Paula and Paulo. Children of one mother are often
    /// named so. Weights of single fields cannot know it, so the three are read together: the name counts as another.
    ///
    /// - Parameters:
    ///   - levels: with the level of sex already set.
    ///   - given: the level of the given names.
    /// - Returns: false where one of the three is not known.
    @inline(__always)
    func areSiblings(_ levels: LevelVector, given: ComparisonLevel?) -> Bool {
        guard given == .givenClose || given == .givenSimilar, levels[.sex] == .sexDifferent else { return false }
        let leftYear = left.pointee.date / 10_000
        let rightYear = right.pointee.date / 10_000
        return leftYear != 0 && rightYear != 0 && leftYear != rightYear
    }
}

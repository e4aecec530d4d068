/// What the frequencies of one record's names add to "exact", name by name.
///
/// The other record's name is the same where it matters, so either record's adjustments do.
struct NameAdjustments {
    /// Index of the alternative that is adjusted.
    var alternative = 0
    var given = InlineArray<4, Int32>(repeating: 0)
    var family = InlineArray<4, Int32>(repeating: 0)
}

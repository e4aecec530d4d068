import Identifiers

/// Records without a link, as a scrub meets them.
final class ClaimedRecords {
    /// Those that a component names: no other row may say who they are.
    var records: Set<RecordID> = []
    /// All of them: whoever has none in the end is told of.
    var linkless: Set<RecordID> = []
}

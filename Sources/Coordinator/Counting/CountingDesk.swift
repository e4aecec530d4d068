import Matching
import ShardProtocol

/// What the leader remembers of counting.
struct CountingDesk {
    /// An order to make rules with the counts of now.
    struct Refresh {
        var rules: RuleSet
        /// The alternative that names prove something against.
        var alternative: String
        var by: String
        var comment: String
    }

    /// Counts, as far as they were followed.
    var counts: ValueCounts?
    /// What was stored of them last.
    var head: CountShelf.Head?
    /// Whether it was looked what the leader before has stored.
    var isLoaded = false
    /// Changes followed since they were stored.
    var sinceStored = 0
    /// A count of all records that is under way.
    var building: ValueCounts?
    /// Where that one goes on.
    var next = StoreKey(0)
    /// The order that is carried out.
    var refresh: Refresh?
    var view: CountingView.Refresh?
}

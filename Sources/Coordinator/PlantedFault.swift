/// A fault that a test plants to prove that the checkers would notice it; never set in a program.
package enum PlantedFault: String, CaseIterable, Sendable {
    /// Records in flight are not compared with each other.
    case skipInFlight
    /// A snapshot that is out of date on a record speaks for it all the same.
    case trustStaleSnapshot
    /// A batch that touches several shards is sent to them without an intent.
    case skipIntent
    /// Writes are answered before they are durable.
    case acknowledgeEarly
    /// Recovery finishes intents behind a gap.
    case followGaps
    /// Recovery leaves the intents as they are.
    case skipRecovery
    /// Batches reach the shards in any order.
    case ignoreTurns
    /// A retired golden identifier is forgotten.
    case forgetRedirect
    /// A leader goes on writing when its lease may be over.
    case ignoreLease
    /// Slots on the move are written to their owners alone.
    case skipDoubleWrite
    /// Slots are handed over without a look at what the target has.
    case flipUnverified
    /// The source drops slots before they are handed over.
    case dropBeforeFlip
    /// Copied rows overwrite what was written meanwhile.
    case copyOverWrites
    /// The source of a move drops slots at once, though somebody may still read by the map before.
    case skipGrace
    /// Shards are not shut to older leaders when a term begins.
    case skipFence
    /// A new leader counts on from the shard that has seen least.
    case reuseSequences
    /// Recovery writes parts that their shards have had long since.
    case recoverTwice
    /// An intent goes before its parts are durable.
    case dropIntentEarly
    /// Parts are sent before their intent is durable.
    case sendBeforeIntent
    /// "Unchanged" is answered while what it rests on is on its way.
    case answerUndurable
    /// The change feed tells of what is not durable yet.
    case feedAhead
    /// Versions that are replaced are not kept.
    case forgetVersions
    /// What happened to a person is told by the feed alone.
    case forgetPast
    /// A record that is taken unsearched is acknowledged and not kept.
    case loseUnsearched
    /// Records that were taken unsearched are left as they are.
    case skipRecheck
    /// What is said of a record that waits to be searched for is decided before it.
    case overtakeUnsearched
}

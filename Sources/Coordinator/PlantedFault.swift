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
}

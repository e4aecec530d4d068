public import Topology

/// What a change of the layout would lead to; nothing of it is done.
public struct LayoutForecast: Sendable {
    /// One shard before and after.
    public struct Shard: Sendable {
        /// What operators call it.
        public var name: String
        /// What it has when the moves under way now are over.
        public var before: SlotLoads.Load
        /// What it has when the planned ones are over as well.
        public var after: SlotLoads.Load
    }

    /// The moves that would come of it.
    public var moves: [MoveView]
    /// The shards; one that leaves is not among them.
    public var shards: [Shard]
    /// Bytes that would move, by what each shard holds for a slot on average.
    public var bytes: Double
}

public import Identifiers

/// What each slot weighs: how often it is asked for, and how much it holds.
public struct SlotLoads: Sendable {
    /// Questions a minute, by slot number.
    public var heat: [Double]
    /// Bytes, by slot number.
    public var bytes: [Double]

    /// What some slots weigh together.
    public struct Load: Sendable, Equatable {
        /// How many they are.
        public var slots = 0
        /// Bytes that they hold.
        public var bytes = 0.0
        /// Questions a minute.
        public var heat = 0.0

        /// Nothing.
        public init() {}
    }

    /// Weighs slots; what is missing weighs nothing, and so does what is no number of its kind.
    public init(heat: [Double], bytes: [Double]) {
        self.heat = Self.sound(heat)
        self.bytes = Self.sound(bytes)
    }

    private static func sound(_ values: [Double]) -> [Double] {
        (0..<Slot.count).map { values.indices.contains($0) && values[$0].isFinite ? max(values[$0], 0) : 0 }
    }

    /// What each group has of slots that are dealt out so.
    ///
    /// Sums are made in the order of slots, so that equal deals weigh the same to the bit.
    public func byGroup(_ owners: [ShardID]) -> [ShardID: Load] {
        var loads: [ShardID: Load] = [:]
        for (slot, owner) in owners.enumerated() {
            loads[owner, default: Load()].slots += 1
            loads[owner, default: Load()].bytes += bytes[slot]
            loads[owner, default: Load()].heat += heat[slot]
        }
        return loads
    }
}

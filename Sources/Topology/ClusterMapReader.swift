import Identifiers

/// Collects a map line by line.
struct ClusterMapReader {
    private(set) var version: UInt64 = 0
    private(set) var groups: [ShardGroup] = []
    private(set) var owners: [ShardID] = []
    private(set) var moves: [SlotMove] = []

    /// Takes a line after the first.
    ///
    /// - Returns: whether it is a line that is known in its place.
    mutating func read(_ words: [Substring]) -> Bool {
        switch words.first {
        case "version": readVersion(words)
        case "group": readGroup(words)
        case "replica": readReplica(words)
        case "slots": readSlots(words)
        case "move": readMove(words)
        default: false
        }
    }

    private mutating func readVersion(_ words: [Substring]) -> Bool {
        guard words.count == 2, version == 0, let number = Self.number(words[1]), number > 0 else { return false }
        version = number
        return true
    }

    private mutating func readGroup(_ words: [Substring]) -> Bool {
        guard words.count == 4 || words.count == 6, words[2] == "minimum", groups.count < ShardID.limit,
            owners.isEmpty, let id = Self.shard(words[1]), let minimum = Self.number(words[3]),
            minimum <= ShardGroup.replicaLimit
        else { return false }
        var epoch: UInt64 = 0
        if words.count == 6 {
            guard words[4] == "epoch", let number = Self.number(words[5]), number > 0 else { return false }
            epoch = number
        }
        groups.append(ShardGroup(id: id, replicas: [], minimumInSync: Int(minimum), epoch: Epoch(epoch)))
        return true
    }

    private mutating func readReplica(_ words: [Substring]) -> Bool {
        guard words.count == 5, let last = groups.indices.last, owners.isEmpty,
            Self.shard(words[1]) == groups[last].id, groups[last].replicas.count < ShardGroup.replicaLimit,
            let state = Replica.State(rawValue: String(words[4]))
        else { return false }
        groups[last].replicas.append(Replica(name: String(words[2]), address: String(words[3]), state: state))
        return true
    }

    private mutating func readSlots(_ words: [Substring]) -> Bool {
        guard words.count == 3, moves.isEmpty, let range = Self.range(words[1]), range.lowerBound == owners.count,
            let owner = Self.shard(words[2])
        else { return false }
        owners += [ShardID](repeating: owner, count: range.count)
        return true
    }

    private mutating func readMove(_ words: [Substring]) -> Bool {
        guard words.count == 14, moves.count < SlotMove.limit,
            words[2] == "from", words[4] == "to", words[6] == "phase", words[8] == "paused", words[10] == "rate",
            words[12] == "slots", words[9] == "yes" || words[9] == "no",
            let id = Self.number(words[1]), let source = Self.shard(words[3]), let target = Self.shard(words[5]),
            let phase = SlotMove.Phase(rawValue: String(words[7])), let rate = Self.number(words[11])
        else { return false }
        var slots: [Range<Int>] = []
        for text in words[13].split(separator: ",", omittingEmptySubsequences: false) {
            guard let range = Self.range(text), slots.count < Slot.count else { return false }
            slots.append(range)
        }
        moves.append(
            SlotMove(
                id: id,
                slots: slots,
                source: source,
                target: target,
                phase: phase,
                isPaused: words[9] == "yes",
                bytesPerSecond: rate
            )
        )
        return true
    }

    /// A whole number in its one writing: digits alone, no zero in front.
    private static func number(_ text: Substring) -> UInt64? {
        guard let number = UInt64(text), String(number) == text else { return nil }
        return number
    }

    private static func shard(_ text: Substring) -> ShardID? {
        guard let number = number(text), number < ShardID.limit else { return nil }
        return ShardID(UInt16(number))
    }

    /// `FIRST-LAST`, both inclusive.
    private static func range(_ text: Substring) -> Range<Int>? {
        let ends = text.split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count == 2, let first = number(ends[0]), let last = number(ends[1]), first <= last,
            last < Slot.count
        else { return nil }
        return Int(first)..<(Int(last) + 1)
    }
}

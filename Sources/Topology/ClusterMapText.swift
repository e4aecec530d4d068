import Identifiers

/// How a map is written down, version 1: lines of words, so that an operator can read what a control plane holds.
///
///     tessera-map 1
///     version 7
///     group 0 minimum 1 epoch 4
///     replica 0 shard-1 10.0.0.1:8081 in-sync
///     slots 0-2047 0
///     move 3 from 0 to 1 phase copying paused no rate 1000000 slots 0-99,200-299
///
/// A group whose replicas no leader has fenced yet has no epoch. Slots are inclusive ranges. The lines come in the
/// order shown: groups, each followed by its replicas; slots; moves.
extension ClusterMap {
    /// Bytes of a text at most; every sound map is far smaller, and control planes bound their values.
    public static let textLimit = 1 << 20

    private static let header = "tessera-map 1"

    /// The map as text; equal maps give equal texts.
    public func encoded() -> String {
        var lines = [Self.header, "version \(version)"]
        for group in groups {
            let epoch = group.epoch > Epoch(0) ? " epoch \(group.epoch.rawValue)" : ""
            lines.append("group \(group.id.rawValue) minimum \(group.minimumInSync)\(epoch)")
            for replica in group.replicas {
                lines.append(
                    "replica \(group.id.rawValue) \(replica.name) \(replica.address) \(replica.state.rawValue)"
                )
            }
        }
        var first = 0
        while first < owners.count {
            var last = first
            while last + 1 < owners.count, owners[last + 1] == owners[first] { last += 1 }
            lines.append("slots \(first)-\(last) \(owners[first].rawValue)")
            first = last + 1
        }
        for move in moves {
            let slots = move.slots.map { "\($0.lowerBound)-\($0.upperBound - 1)" }.joined(separator: ",")
            lines.append(
                "move \(move.id) from \(move.source.rawValue) to \(move.target.rawValue) phase \(move.phase.rawValue)"
                    + " paused \(move.isPaused ? "yes" : "no") rate \(move.bytesPerSecond) slots \(slots)"
            )
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// Reads a map from its text.
    ///
    /// - Throws: `TopologyError.unreadable` with the number of the line, `TopologyError.broken` for a map that can be
    ///   read but is not sound.
    public init(decoding text: String) throws(TopologyError) {
        guard text.utf8.count <= Self.textLimit else {
            throw .unreadable("it is longer than \(Self.textLimit) bytes")
        }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: true)
        guard lines.first.map(String.init) == Self.header else {
            throw .unreadable("it does not begin with \"\(Self.header)\": it is of another version, or no cluster map")
        }
        var reader = ClusterMapReader()
        for (index, line) in lines.enumerated().dropFirst() {
            guard reader.read(line.split(separator: " ", omittingEmptySubsequences: false)) else {
                throw .unreadable("line \(index + 1) is none that version 1 knows in that place")
            }
        }
        try self.init(version: reader.version, groups: reader.groups, owners: reader.owners, moves: reader.moves)
    }
}

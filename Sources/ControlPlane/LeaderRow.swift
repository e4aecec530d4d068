import Identifiers
import Topology

/// How a leader is written down, version 1.
///
///     tessera-leader 1
///     name coordinator-1
///     address 10.0.0.1:7080
///     epoch 5
enum LeaderRow {
    private static let header = "tessera-leader 1"
    /// A name and an address; what is longer is none of ours.
    private static let limit = 4_096

    static func encoded(_ leader: Leader, epoch: Epoch) -> [UInt8] {
        Array("\(header)\nname \(leader.name)\naddress \(leader.address)\nepoch \(epoch)\n".utf8)
    }

    /// The leader; `nil` for what cannot be read, which counts as a leader of whom nothing is known.
    static func decode(_ bytes: [UInt8]) -> Leader? {
        guard bytes.count <= limit else { return nil }
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
        guard lines.count == 4, lines[0] == header, lines[1].hasPrefix("name "), lines[2].hasPrefix("address "),
            lines[3].hasPrefix("epoch "), let epoch = UInt64(lines[3].dropFirst(6))
        else { return nil }
        return Leader(
            name: String(lines[1].dropFirst(5)),
            address: String(lines[2].dropFirst(8)),
            epoch: Epoch(epoch)
        )
    }
}

import Bytes
import Identifiers
import Matching

/// What one coordinator asks of the one that leads, version 1.
///
/// Writes travel decoded, normalised and keyed: what costs time was done by the coordinator that took them in, and the
/// leader only puts them in line. They mean something under the rules they were keyed by alone, whose digest goes with
/// them.
///
///     u8 version, u8 kind, then for kind 1 (writes): rules digest u64, units: count, each: writes: count, each a write
///     kind 2 (how far everything is durable): nothing
///     kind 3 (an operator's order): the order
///     kind 4 (an order about the rules): the order
enum PeerRequest: Sendable {
    case writes(RuleSetVersion, [[PreparedWrite]])
    case durable
    case keep(KeepingOrder)
    case rules(RulesOrder)

    static let version: UInt8 = 1
    /// Units of one hand-in, and writes of one unit.
    static let countLimit = 1 << 20

    func encoded() -> [UInt8] {
        var writer = ByteWriter(capacity: 1 << 12)
        writer.write(Self.version)
        switch self {
        case .writes(let rules, let units):
            writer.write(UInt8(1))
            writer.write(rules.digest)
            writer.write(varint: UInt64(units.count))
            for unit in units {
                writer.write(varint: UInt64(unit.count))
                for write in unit { write.encode(into: &writer) }
            }
        case .durable:
            writer.write(UInt8(2))
        case .keep(let order):
            writer.write(UInt8(3))
            order.encode(into: &writer)
        case .rules(let order):
            writer.write(UInt8(4))
            order.encode(into: &writer)
        }
        return writer.bytes
    }

    init(decoding bytes: [UInt8]) throws(PeerError) {
        self = try PeerError.decode(bytes) { reader throws(ByteError) in
            let at = reader.offset
            switch try reader.read(UInt8.self) {
            case 1:
                let rules = RuleSetVersion(digest: try reader.read())
                var units: [[PreparedWrite]] = []
                for _ in 0..<(try reader.readCount(limit: Self.countLimit)) {
                    var unit: [PreparedWrite] = []
                    for _ in 0..<(try reader.readCount(limit: Self.countLimit)) {
                        unit.append(try PreparedWrite(from: &reader))
                    }
                    units.append(unit)
                }
                return .writes(rules, units)
            case 2: return .durable
            case 3: return .keep(try KeepingOrder(from: &reader))
            case 4: return .rules(try RulesOrder(from: &reader))
            case let kind: throw .tooLarge(at: at, value: UInt64(kind), limit: 4)
            }
        }
    }
}

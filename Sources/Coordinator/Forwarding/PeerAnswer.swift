import Bytes
import Identifiers
import Identity

/// What the leader answers another coordinator, version 1.
///
///     u8 version, u8 kind, then for kind 1 (outcomes): count, each an outcome
///     kind 2 (how far everything is durable): sequence u64
///     kind 3 (does not lead, or cannot): reason, seconds to wait u32
///     kind 4 (what is kept): the report          kind 5 (an order that makes no sense): reason
///     kind 6 (how it stands with the rules): the report
enum PeerAnswer: Sendable {
    case outcomes([WriteOutcome])
    case durable(Sequence)
    case unavailable(String, retryAfter: Int)
    case kept(KeepingReport)
    case invalid(String)
    case rules(RulesReport)

    /// Longest reason in bytes of UTF-8.
    static let textLimit = 4_096

    /// A text that fits, also when a character was cut in two.
    static func cut(_ text: String) -> String { String(decoding: text.utf8.prefix(textLimit - 8), as: UTF8.self) }

    func encoded() -> [UInt8] {
        var writer = ByteWriter(capacity: 256)
        writer.write(PeerRequest.version)
        switch self {
        case .outcomes(let outcomes):
            writer.write(UInt8(1))
            writer.write(varint: UInt64(outcomes.count))
            for outcome in outcomes { outcome.encode(into: &writer) }
        case .durable(let sequence):
            writer.write(UInt8(2))
            writer.write(sequence.rawValue)
        case .unavailable(let reason, let seconds):
            writer.write(UInt8(3))
            writer.write(string: Self.cut(reason))
            writer.write(UInt32(clamping: seconds))
        case .kept(let report):
            writer.write(UInt8(4))
            report.encode(into: &writer)
        case .invalid(let reason):
            writer.write(UInt8(5))
            writer.write(string: Self.cut(reason))
        case .rules(let report):
            writer.write(UInt8(6))
            report.encode(into: &writer)
        }
        return writer.bytes
    }

    init(decoding bytes: [UInt8]) throws(PeerError) {
        self = try PeerError.decode(bytes) { reader throws(ByteError) in
            let at = reader.offset
            switch try reader.read(UInt8.self) {
            case 1:
                var outcomes: [WriteOutcome] = []
                for _ in 0..<(try reader.readCount(limit: PeerRequest.countLimit)) {
                    outcomes.append(try WriteOutcome(from: &reader))
                }
                return .outcomes(outcomes)
            case 2: return .durable(Sequence(try reader.read()))
            case 3:
                let reason = try reader.readString(limit: Self.textLimit)
                return .unavailable(reason, retryAfter: Int(try reader.read(UInt32.self)))
            case 4: return .kept(try KeepingReport(from: &reader))
            case 5: return .invalid(try reader.readString(limit: Self.textLimit))
            case 6: return .rules(try RulesReport(from: &reader))
            case let kind: throw .tooLarge(at: at, value: UInt64(kind), limit: 6)
            }
        }
    }
}

import Bytes
public import Identifiers

/// Why a shard did not do what it was asked.
public enum ShardError: Error, Equatable, Sendable {
    /// Nobody answers at the shard's address; the call may be repeated.
    case unavailable(String)
    /// No answer came in time; the call may be repeated, since all calls are idempotent.
    case timeout
    /// A newer leader reigns; the caller must step down.
    case staleEpoch(highest: Epoch)
    /// The rule set is not installed on the shard; install it and repeat.
    case unknownRuleSet(RuleSetVersion)
    /// The disk is full; nothing was written.
    case diskFull
    /// The message was not understood; a fault of the caller or a version that does not fit.
    case badRequest(String)
    /// The store failed; the text says how.
    case storage(String)
    /// The store has not come as far as the caller knows it was: it was wiped, or put back to an old copy.
    case behind(at: StorePosition)

    func encode(into writer: inout ByteWriter) {
        switch self {
        case .unavailable(let text): Self.write(1, 0, text, into: &writer)
        case .timeout: Self.write(2, 0, "", into: &writer)
        case .staleEpoch(let highest): Self.write(3, highest.rawValue, "", into: &writer)
        case .unknownRuleSet(let version): Self.write(4, version.digest, "", into: &writer)
        case .diskFull: Self.write(5, 0, "", into: &writer)
        case .badRequest(let text): Self.write(6, 0, text, into: &writer)
        case .storage(let text): Self.write(7, 0, text, into: &writer)
        case .behind(let position):
            Self.write(8, position.epoch.rawValue, "", into: &writer)
            writer.write(position.number)
        }
    }

    init(from reader: inout ByteReader) throws(ByteError) {
        let at = reader.offset
        let kind: UInt8 = try reader.read()
        let number: UInt64 = try reader.read()
        let text = try reader.readString(limit: 4_096)
        switch kind {
        case 1: self = .unavailable(text)
        case 2: self = .timeout
        case 3: self = .staleEpoch(highest: Epoch(number))
        case 4: self = .unknownRuleSet(RuleSetVersion(digest: number))
        case 5: self = .diskFull
        case 6: self = .badRequest(text)
        case 7: self = .storage(text)
        case 8: self = .behind(at: StorePosition(Epoch(number), try reader.read()))
        default: throw .tooLarge(at: at, value: UInt64(kind), limit: 8)
        }
    }

    private static func write(_ kind: UInt8, _ number: UInt64, _ text: String, into writer: inout ByteWriter) {
        writer.write(kind)
        writer.write(number)
        writer.write(string: String(text.prefix(1_000)))
    }
}

extension ShardError {
    /// Whether nobody answered, as opposed to an answer that is an error.
    public var isSilence: Bool {
        switch self {
        case .unavailable, .timeout: true
        default: false
        }
    }
}

import Bytes

/// How far an order is that a leader carries out beside writes: a scrub, a trial of rules, a count.
public enum OrderPhase: UInt8, Sendable {
    /// It is under way.
    case running = 1
    /// It is done.
    case complete = 2
    /// It was given up.
    case failed = 3

    init(from reader: inout ByteReader) throws(ByteError) {
        let at = reader.offset
        let code: UInt8 = try reader.read()
        guard let phase = OrderPhase(rawValue: code) else { throw .tooLarge(at: at, value: UInt64(code), limit: 3) }
        self = phase
    }
}

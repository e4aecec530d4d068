import Bytes

/// Messages as gRPC cuts them out of a body: a byte that is 0, four bytes of length, the message.
struct GRPCFrame {
    private static let headBytes = 5

    /// A message with its head.
    static func encoded(_ message: [UInt8]) -> [UInt8] {
        let length = UInt32(message.count)
        return [0] + (0..<4).map { UInt8(truncatingIfNeeded: length >> (24 - 8 * $0)) } + message
    }

    /// What arrived and was not yet taken.
    private var buffer: [UInt8] = []

    /// Takes a piece of a body.
    mutating func append(_ bytes: [UInt8]) { buffer += bytes }

    /// Whether a message has begun that is not there whole.
    var isPartial: Bool { !buffer.isEmpty }

    /// The next message that is there whole.
    ///
    /// - Throws: `EtcdError.malformed` for a compressed or an overlong one.
    mutating func next() throws(EtcdError) -> [UInt8]? {
        guard buffer.count >= Self.headBytes else { return nil }
        guard buffer[0] == 0 else { throw .malformed("a message is compressed though nobody asked for it") }
        let length = buffer[1..<5].reduce(0) { $0 << 8 | Int($1) }
        guard length <= EtcdLimits.message else { throw .malformed("a message of \(length) bytes") }
        guard buffer.count >= Self.headBytes + length else { return nil }
        let message = Array(buffer[Self.headBytes..<(Self.headBytes + length)])
        buffer.removeFirst(Self.headBytes + length)
        return message
    }
}

/// The error codes of RFC 9113 section 7; a code this house does not know keeps its number.
public struct HTTP2ErrorCode: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
    /// The number on the wire.
    public var rawValue: UInt32

    /// A code by its number.
    public init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// Nothing is wrong.
    public static let noError = HTTP2ErrorCode(rawValue: 0)
    /// The peer broke the protocol.
    public static let protocolError = HTTP2ErrorCode(rawValue: 1)
    /// This end failed.
    public static let internalError = HTTP2ErrorCode(rawValue: 2)
    /// Flow control was not respected.
    public static let flowControlError = HTTP2ErrorCode(rawValue: 3)
    /// The request was not acted on and may be sent again.
    public static let refusedStream = HTTP2ErrorCode(rawValue: 7)
    /// The stream is no longer wanted.
    public static let cancel = HTTP2ErrorCode(rawValue: 8)
    /// The peer behaves in a way that costs too much.
    public static let enhanceYourCalm = HTTP2ErrorCode(rawValue: 11)

    private static let names = [
        "NO_ERROR", "PROTOCOL_ERROR", "INTERNAL_ERROR", "FLOW_CONTROL_ERROR", "SETTINGS_TIMEOUT", "STREAM_CLOSED",
        "FRAME_SIZE_ERROR", "REFUSED_STREAM", "CANCEL", "COMPRESSION_ERROR", "CONNECT_ERROR", "ENHANCE_YOUR_CALM",
        "INADEQUATE_SECURITY", "HTTP_1_1_REQUIRED",
    ]

    /// The name in the RFC, or the number.
    public var description: String {
        rawValue < UInt32(Self.names.count) ? Self.names[Int(rawValue)] : "error \(rawValue)"
    }
}

public import Bytes

/// Why a message was refused.
public enum MessageError: Error, Equatable, Sendable {
    /// The bytes do not start like a message of this protocol.
    case notAMessage
    /// The message is of a version that this program does not speak.
    case unknownVersion(UInt16)
    /// The kind is not known in this version.
    case unknownKind(UInt16)
    /// The length in the head does not fit the bytes.
    case wrongLength(said: UInt32, got: Int)
    /// The checksum does not fit: the message was damaged on its way.
    case wrongChecksum
    /// The content does not fit the kind.
    case malformed(ByteError)
}

/// The envelope of every message: magic, version, kind, length and checksum, 16 bytes, then the content.
///
///     0  4  "TSRM"
///     4  2  version, little-endian as all numbers
///     6  2  kind
///     8  4  content length in bytes
///    12  4  CRC-32C of the content
public enum MessageFrame {
    /// The version that this program writes; 1 had sketches of 8 bytes.
    public static let version: UInt16 = 2
    /// Bytes before the content.
    public static let headLength = 16
    /// Largest content, in bytes.
    public static let contentLimit = CommitRequest.byteLimit + 4_096
    private static let magic: UInt32 = 0x4D52_5354

    /// Encodes a request.
    public static func encode(_ request: ShardRequest) -> [UInt8] {
        frame(kind: request.code) { request.encode(into: &$0) }
    }

    /// Encodes an answer.
    public static func encode(_ answer: ShardAnswer) -> [UInt8] {
        frame(kind: answer.code) { answer.encode(into: &$0) }
    }

    /// Decodes a request.
    ///
    /// - Throws: `MessageError`, saying what does not fit.
    public static func decodeRequest(_ bytes: UnsafeRawBufferPointer) throws(MessageError) -> ShardRequest {
        var (kind, reader) = try open(bytes)
        return try ShardRequest(code: kind, from: &reader)
    }

    /// Decodes an answer.
    ///
    /// - Throws: `MessageError`, saying what does not fit.
    public static func decodeAnswer(_ bytes: UnsafeRawBufferPointer) throws(MessageError) -> ShardAnswer {
        var (kind, reader) = try open(bytes)
        return try ShardAnswer(code: kind, from: &reader)
    }

    private static func frame(kind: UInt16, _ content: (inout ByteWriter) -> Void) -> [UInt8] {
        var writer = ByteWriter(capacity: 1_024)
        writer.write(magic)
        writer.write(version)
        writer.write(kind)
        writer.write(UInt64(0))
        content(&writer)
        let length = writer.count - headLength
        precondition(length <= contentLimit, "message over the limit")
        let checksum = writer.bytes.withUnsafeBytes {
            CRC32C.checksum(UnsafeRawBufferPointer(rebasing: $0[headLength...]))
        }
        writer.patch(UInt32(length), at: 8)
        writer.patch(checksum, at: 12)
        return writer.bytes
    }

    private static func open(_ bytes: UnsafeRawBufferPointer) throws(MessageError) -> (UInt16, ByteReader) {
        var head = ByteReader(bytes)
        let kind: UInt16
        let length: UInt32
        let checksum: UInt32
        do {
            guard try head.read(UInt32.self) == magic else { throw MessageError.notAMessage }
            let version: UInt16 = try head.read()
            guard version == MessageFrame.version else { throw MessageError.unknownVersion(version) }
            kind = try head.read()
            length = try head.read()
            checksum = try head.read()
        } catch let error as MessageError {
            throw error
        } catch {
            throw .notAMessage
        }
        let content = UnsafeRawBufferPointer(rebasing: bytes[headLength...])
        guard content.count == Int(length) else { throw .wrongLength(said: length, got: content.count) }
        guard CRC32C.checksum(content) == checksum else { throw .wrongChecksum }
        return (kind, ByteReader(content))
    }
}

extension MessageFrame {
    /// Puts length and checksum right in a message whose content was changed: for tests of the decoders behind them.
    package static func sealed(_ bytes: [UInt8]) -> [UInt8] {
        guard bytes.count >= headLength else { return bytes }
        var writer = ByteWriter()
        writer.bytes = bytes
        writer.patch(magic, at: 0)
        writer.bytes[4] = UInt8(truncatingIfNeeded: version)
        writer.bytes[5] = UInt8(truncatingIfNeeded: version >> 8)
        writer.patch(UInt32(bytes.count - headLength), at: 8)
        let checksum = bytes.withUnsafeBytes { CRC32C.checksum(UnsafeRawBufferPointer(rebasing: $0[headLength...])) }
        writer.patch(checksum, at: 12)
        return writer.bytes
    }
}

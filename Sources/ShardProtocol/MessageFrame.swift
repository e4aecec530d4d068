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
    /// Bytes before the content.
    public static let headLength = 16
    /// Largest content, in bytes.
    public static let contentLimit = CommitRequest.byteLimit + 4_096
    private static let magic: UInt32 = 0x4D52_5354

    /// Encodes a request, which the version has to know.
    public static func encode(_ request: ShardRequest, version: UInt16 = SpokenVersions.highestKnown) -> [UInt8] {
        precondition(request.firstVersion <= version, "this version has no such request")
        return frame(kind: request.code, version) { request.encode(into: &$0) }
    }

    /// Encodes an answer; what the version has no word for is left out.
    public static func encode(_ answer: ShardAnswer, version: UInt16 = SpokenVersions.highestKnown) -> [UInt8] {
        frame(kind: answer.code, version) { answer.encode(into: &$0, version) }
    }

    /// Decodes a request.
    ///
    /// - Throws: `MessageError`, saying what does not fit.
    public static func decodeRequest(
        _ bytes: UnsafeRawBufferPointer,
        _ spoken: SpokenVersions = .all
    ) throws(MessageError) -> ShardRequest {
        var (version, kind, reader) = try open(bytes, spoken)
        let request = try ShardRequest(code: kind, from: &reader)
        guard request.firstVersion <= version else { throw .unknownKind(kind) }
        return request
    }

    /// Decodes an answer.
    ///
    /// - Throws: `MessageError`, saying what does not fit.
    public static func decodeAnswer(
        _ bytes: UnsafeRawBufferPointer,
        _ spoken: SpokenVersions = .all
    ) throws(MessageError) -> ShardAnswer {
        var (version, kind, reader) = try open(bytes, spoken)
        return try ShardAnswer(code: kind, from: &reader, version)
    }

    /// The version of a message, whether it is known or not; `nil` for what is none.
    public static func version(of bytes: UnsafeRawBufferPointer) -> UInt16? {
        var head = ByteReader(bytes)
        guard let said = try? head.read(UInt32.self), said == magic else { return nil }
        return try? head.read(UInt16.self)
    }

    private static func frame(kind: UInt16, _ version: UInt16, _ content: (inout ByteWriter) -> Void) -> [UInt8] {
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

    private static func open(
        _ bytes: UnsafeRawBufferPointer,
        _ spoken: SpokenVersions
    ) throws(MessageError) -> (version: UInt16, kind: UInt16, content: ByteReader) {
        var head = ByteReader(bytes)
        let version: UInt16
        let kind: UInt16
        let length: UInt32
        let checksum: UInt32
        do {
            guard try head.read(UInt32.self) == magic else { throw MessageError.notAMessage }
            version = try head.read()
            guard spoken.contains(version) else { throw MessageError.unknownVersion(version) }
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
        return (version, kind, ByteReader(content))
    }
}

extension MessageFrame {
    /// Puts length and checksum right in a message whose content was changed: for tests of the decoders behind them.
    package static func sealed(_ bytes: [UInt8], version: UInt16 = SpokenVersions.highestKnown) -> [UInt8] {
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

import Bytes

/// Why a message of another coordinator cannot be read.
enum PeerError: Error, Equatable {
    /// It is of a version that this program does not know; that of the message.
    case unknownVersion(UInt8)
    /// It is damaged, or not a message.
    case malformed

    /// Reads the version, then the rest, and insists that nothing is left.
    static func decode<T>(
        _ bytes: [UInt8],
        _ body: (inout ByteReader) throws(ByteError) -> T
    ) throws(PeerError) -> T {
        let result = bytes.withUnsafeBytes { buffer -> Result<T, PeerError> in
            var reader = ByteReader(buffer)
            do throws(ByteError) {
                let version: UInt8 = try reader.read()
                guard version == PeerRequest.version else { return .failure(.unknownVersion(version)) }
                let value = try body(&reader)
                try reader.finish()
                return .success(value)
            } catch {
                return .failure(.malformed)
            }
        }
        return try result.get()
    }

    var text: String {
        switch self {
        case .unknownVersion(let version):
            "another coordinator speaks version \(version), this one \(PeerRequest.version): upgrade the older one"
        case .malformed: "a message of another coordinator cannot be read"
        }
    }
}

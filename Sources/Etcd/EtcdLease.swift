/// A promise of etcd to keep rows for a while.
public struct EtcdLease: Sendable, Equatable {
    /// Its number.
    public var id: UInt64 = 0
    /// How long it lasts from when it was granted or kept alive, in seconds; 0 where it is over.
    public var seconds: UInt64 = 0

    /// Writes a `LeaseGrantRequest`; etcd chooses the number, and may grant more time than asked for.
    static func grantRequest(seconds: Int) -> [UInt8] {
        var writer = ProtoWriter()
        writer.number(1, UInt64(max(0, seconds)))
        return writer.bytes
    }

    /// Writes a `LeaseRevokeRequest` or a `LeaseKeepAliveRequest`.
    static func request(id: UInt64) -> [UInt8] {
        var writer = ProtoWriter()
        writer.number(1, id)
        return writer.bytes
    }

    /// Reads a `LeaseGrantResponse` or a `LeaseKeepAliveResponse`.
    init(_ bytes: ArraySlice<UInt8>) throws(EtcdError) {
        var fields = ProtoFields(bytes)
        while let (field, value) = try fields.next() {
            switch field {
            case 2: id = value.number
            case 3: seconds = Int64(bitPattern: value.number) > 0 ? value.number : 0
            default: break
            }
        }
    }
}

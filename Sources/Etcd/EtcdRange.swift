/// Rows, and the revision at which they were so.
public struct EtcdRange: Sendable, Equatable {
    /// The revision of the store.
    public var revision: UInt64 = 0
    /// In the order of their keys.
    public var rows: [EtcdRow] = []

    /// Reads a `RangeResponse`.
    init(_ bytes: ArraySlice<UInt8>) throws(EtcdError) {
        var fields = ProtoFields(bytes)
        while let (field, value) = try fields.next() {
            switch field {
            case 1: revision = try EtcdHeader.revision(value.bytes)
            case 2:
                guard rows.count < EtcdLimits.count else { throw .malformed("more rows than \(EtcdLimits.count)") }
                rows.append(try EtcdRow(value.bytes))
            default: break
            }
        }
    }

    /// Writes a `RangeRequest`: linearizable, so that it sees every write that was acknowledged.
    static func request(_ keys: EtcdKeys) -> [UInt8] {
        var writer = ProtoWriter()
        write(keys, &writer)
        return writer.bytes
    }

    static func write(_ keys: EtcdKeys, _ writer: inout ProtoWriter) {
        writer.bytes(1, keys.first)
        writer.bytes(2, keys.end)
    }
}

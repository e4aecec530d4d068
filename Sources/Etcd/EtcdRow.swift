/// A key and what etcd holds under it.
public struct EtcdRow: Sendable, Equatable {
    /// The key.
    public var key: [UInt8] = []
    /// The revision at which it came to be.
    public var created: UInt64 = 0
    /// The revision at which it was last written.
    public var modified: UInt64 = 0
    /// The value.
    public var value: [UInt8] = []
    /// The lease with whose end it goes; 0 for none.
    public var lease: UInt64 = 0

    /// An empty row.
    public init() {}

    /// Reads a `mvccpb.KeyValue`.
    init(_ bytes: ArraySlice<UInt8>) throws(EtcdError) {
        var fields = ProtoFields(bytes)
        while let (field, value) = try fields.next() {
            switch field {
            case 1: key = Array(value.bytes)
            case 2: created = value.number
            case 3: modified = value.number
            case 5: self.value = Array(value.bytes)
            case 6: lease = value.number
            default: break
            }
        }
    }
}

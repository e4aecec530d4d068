/// One message of a watch: changes of one or more revisions, in order.
public struct EtcdEvents: Sendable, Equatable {
    /// A change of a key.
    public struct Event: Sendable, Equatable {
        /// Whether the key is gone; the row holds the key and the revision of its end.
        public var isDeletion = false
        /// The row after the change.
        public var row = EtcdRow()

        /// Reads a `mvccpb.Event`.
        init(_ bytes: ArraySlice<UInt8>) throws(EtcdError) {
            var fields = ProtoFields(bytes)
            while let (field, value) = try fields.next() {
                switch field {
                case 1: isDeletion = value.number == 1
                case 2: row = try EtcdRow(value.bytes)
                default: break
                }
            }
        }
    }

    /// The revision through which everything was told.
    public var revision: UInt64 = 0
    /// The changes.
    public var events: [Event] = []
    /// Whether the message only says that the watch stands.
    var isCreation = false
    /// Why etcd ended the watch; `nil` while it goes on.
    var end: EtcdError?

    /// Reads a `WatchResponse`.
    init(_ bytes: ArraySlice<UInt8>) throws(EtcdError) {
        var fields = ProtoFields(bytes)
        var (isCancelled, reason, compacted) = (false, "", UInt64(0))
        while let (field, value) = try fields.next() {
            switch field {
            case 1: revision = try EtcdHeader.revision(value.bytes)
            case 3: isCreation = value.number != 0
            case 4: isCancelled = value.number != 0
            case 5: compacted = value.number
            case 6: reason = value.text
            case 11:
                guard events.count < EtcdLimits.count else { throw .malformed("more events than expected") }
                events.append(try Event(value.bytes))
            default: break
            }
        }
        if compacted > 0 {
            end = .compacted(compacted)
        } else if isCancelled {
            end = .refused(.unavailable, reason.isEmpty ? "the watch was cancelled" : reason)
        }
    }

    /// Writes a `WatchRequest` that creates a watch.
    static func request(_ keys: EtcdKeys, from revision: UInt64) -> [UInt8] {
        var writer = ProtoWriter()
        writer.message(1) { create in
            create.bytes(1, keys.first)
            create.bytes(2, keys.end)
            create.number(3, revision)
            create.flag(4, true)
        }
        return writer.bytes
    }
}

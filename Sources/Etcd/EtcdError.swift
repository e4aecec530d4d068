public import Transport

/// Why etcd did not do what it was asked.
public enum EtcdError: Error, Sendable, Equatable, CustomStringConvertible {
    /// No member was reached, or not in time; what was asked may have been done nevertheless.
    case unreachable(TransportError)
    /// A member refused, by a status of gRPC.
    case refused(GRPCStatus, String)
    /// An answer is not what the protocol says.
    case malformed(String)
    /// What a watch asks for is history that was thrown away; the oldest revision that is left.
    case compacted(UInt64)

    /// What happened, in words.
    public var description: String {
        switch self {
        case .unreachable(let error): "no member of etcd was reached: \(error)"
        case .refused(let status, let text): "etcd refused (\(status)): \(text)"
        case .malformed(let text): "an answer of etcd cannot be read: \(text)"
        case .compacted(let revision): "etcd has forgotten everything before revision \(revision)"
        }
    }

    /// Whether another member may do what this one did not.
    var isWorthAnotherMember: Bool {
        switch self {
        case .unreachable: true
        case .refused(let status, _): status == .unavailable || status == .deadlineExceeded || status == .unknown
        case .malformed, .compacted: false
        }
    }
}

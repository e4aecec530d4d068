/// What is taken from a member of etcd at most: it is trusted to decide, not to be free of faults.
enum EtcdLimits {
    /// Bytes of one message; etcd itself sends no more than 4 MiB by default, and values here are below 1 MiB.
    static let message = 8 << 20
    /// Rows, operations or events of one message.
    static let count = 65_536
}

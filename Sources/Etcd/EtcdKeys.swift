/// Which keys a request means.
public struct EtcdKeys: Sendable, Equatable {
    /// The first.
    public var first: [UInt8]
    /// The one behind the last; empty for one key alone.
    public var end: [UInt8]

    /// One key.
    public static func one(_ key: String) -> EtcdKeys { EtcdKeys(first: Array(key.utf8), end: []) }

    /// All keys that begin with a text.
    public static func prefix(_ text: String) -> EtcdKeys {
        var end = Array(text.utf8)
        // The next text after all that begin so; UTF-8 has no byte 0xFF, so that counting one up is enough.
        if let last = end.popLast() { end.append(last + 1) }
        return EtcdKeys(first: Array(text.utf8), end: end)
    }
}

/// Fetches the files of an import; the doors know nothing of the network behind it.
public protocol BulkSource: Sendable {
    /// Refuses an address that a client must not make the registry reach.
    ///
    /// - Throws: why it is refused.
    func check(_ url: String) async throws(BulkSourceFault)
    /// Fetches a file, and guards against addresses that a client must not make the registry reach.
    ///
    /// - Throws: why it is not fetched.
    func fetch(_ url: String) async throws(BulkSourceFault) -> any BulkFile
}

/// A file that was fetched.
public protocol BulkFile: Sendable {
    /// The next bytes; `nil` at the end.
    ///
    /// - Throws: why there are no more, though the end is not reached.
    func next() async throws(BulkSourceFault) -> [UInt8]?
    /// Lets go of what is left.
    func close() async
}

/// Why a file is not fetched.
public struct BulkSourceFault: Error, Sendable {
    /// The reason, without the address.
    public let reason: String

    /// States a fault.
    public init(_ reason: String) {
        self.reason = reason
    }
}

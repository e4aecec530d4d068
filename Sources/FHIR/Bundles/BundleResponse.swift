/// What became of an entry of a batch or transaction.
public struct BundleResponse: Sendable, Hashable {
    /// The HTTP status with its phrase, such as `201 Created`.
    public var status: String
    /// Where the resource is, relative or absolute; empty when absent.
    public var location: String
    /// Version tag such as `W/"1"`; empty when absent.
    public var etag: String
    /// When the resource changed; empty when absent.
    public var lastModified: String
    /// What there is to say about it.
    public var outcome: OperationOutcome?

    /// What became of an entry.
    public init(
        status: String,
        location: String = "",
        etag: String = "",
        lastModified: String = "",
        outcome: OperationOutcome? = nil
    ) {
        self.status = status
        self.location = location
        self.etag = etag
        self.lastModified = lastModified
        self.outcome = outcome
    }
}

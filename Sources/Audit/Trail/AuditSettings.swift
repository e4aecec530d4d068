/// Where a trail is kept, and how.
public struct AuditSettings: Sendable, Hashable {
    /// The directory; made where it is missing, readable by nobody else.
    public var directory: String
    /// The private key that signs (PEM); nothing is signed without.
    public var keyPath: String?
    /// Bytes after which a file ends and the next one begins: a search reads whole files.
    public var fileBytes: Int
    /// Entries after which a checkpoint is written into the trail itself.
    public var checkpointEntries: Int

    /// Settings.
    public init(
        directory: String,
        keyPath: String? = nil,
        fileBytes: Int = 64 << 20,
        checkpointEntries: Int = 4_096
    ) {
        precondition(fileBytes > 0 && checkpointEntries > 0, "a file holds something")
        self.directory = directory
        self.keyPath = keyPath
        self.fileBytes = fileBytes
        self.checkpointEntries = checkpointEntries
    }
}

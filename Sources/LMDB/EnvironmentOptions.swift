/// How an environment is opened.
public struct EnvironmentOptions: Sendable {
    /// Largest size the file may grow to, in bytes.
    ///
    /// Address space only: opening takes as long with a TiB as with a MiB.
    public var mapSize = 1 << 40
    /// Most named tables.
    public var tableLimit = 32
    /// Most transactions that read at one time.
    public var readerLimit = 512

    /// The defaults.
    public init() {}
}

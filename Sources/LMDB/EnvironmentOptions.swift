/// How an environment is opened.
public struct EnvironmentOptions: Sendable {
    /// What the file is to its user.
    public enum Use: Sendable, Equatable {
        /// Many snapshots are read while one transaction writes; commits are synced; a `-lock` file stands beside it.
        case shared
        /// Filled by one writer whom nobody watches: commits are not synced, `Environment.sync` is.
        case building
        /// Never changed again: read without locks.
        case finished
    }

    /// Largest size the file may grow to, in bytes.
    ///
    /// Address space only: opening takes as long with a TiB as with a MiB.
    public var mapSize = 1 << 40
    /// Most named tables.
    public var tableLimit = 32
    /// Most transactions that read at one time.
    public var readerLimit = 512
    /// What the file is to its user.
    public var use = Use.shared

    /// The defaults.
    public init() {}
}

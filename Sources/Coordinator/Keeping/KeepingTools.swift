public import Demographics
public import Identifiers

/// What a coordinator needs for what it does besides writes.
public struct KeepingTools: Sendable {
    /// Where backups are kept; without it none are made.
    public var vault: (any BackupVault)?
    /// For scrubs, which know less without it, and for changes of rules, which need it.
    public var reading: Reading?

    /// Reads the record that a stored document tells of; `nil` where it cannot.
    public typealias Reading = @Sendable (RecordKey, [UInt8]) -> SourceRecord?

    /// Puts tools together.
    public init(
        vault: (any BackupVault)? = nil,
        reading: Reading? = nil
    ) {
        self.vault = vault
        self.reading = reading
    }
}

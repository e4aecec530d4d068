public import Demographics
public import Identifiers

/// What a coordinator needs for what it does besides writes.
public struct KeepingTools: Sendable {
    /// Where backups are kept; without it none are made.
    public var vault: (any BackupVault)?
    /// Reads the record that a stored document tells of, for scrubs; without it they know less.
    public var reading: (@Sendable (RecordKey, [UInt8]) -> SourceRecord?)?

    /// Puts tools together.
    public init(
        vault: (any BackupVault)? = nil,
        reading: (@Sendable (RecordKey, [UInt8]) -> SourceRecord?)? = nil
    ) {
        self.vault = vault
        self.reading = reading
    }
}

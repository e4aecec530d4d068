public import Identifiers

/// Where backups are kept.
public protocol BackupVault: Sendable {
    /// Begins a backup of a new name.
    ///
    /// - Throws: `BackupFault` where the name is taken or no name.
    func begin(_ name: String) async throws(BackupFault) -> any BackupSink
    /// The backups that are complete, by name.
    func complete() async -> [BackupView]
}

/// Takes the pieces of one backup.
public protocol BackupSink: Sendable {
    /// Adds a piece.
    func append(_ frame: BackupFrame) async throws(BackupFault)
    /// Makes durable what was added; from now on it is a backup.
    func seal(_ cut: BackupCut) async throws(BackupFault)
    /// Makes durable what was added after `seal`: the backup reaches further.
    func extend(through: Sequence) async throws(BackupFault)
    /// Lets go of the backup; one that was not sealed leaves nothing behind.
    func close() async
}

import Backups
import Coordinator

/// Where a coordinator keeps backups.
enum VaultSource {
    /// A directory, with the files of settings that go with each backup.
    static func vault(_ directory: String, rules: String?, authorities: String?) -> FileVault {
        FileVault(
            directory: directory,
            program: Release.version,
            settings: [rules, authorities].compactMap { $0 }
        )
    }
}

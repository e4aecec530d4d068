import Backups
import Coordinator
import PatientMapping

/// What a coordinator has for backups and scrubs.
enum ToolSource {
    /// A directory for backups, with the files of settings that go with each, and the reading of documents.
    static func tools(
        _ directory: String,
        rules: String?,
        authorities: String?,
        identifiers: PatientMapping.Settings
    ) -> KeepingTools {
        let mapping = PatientMapping(settings: identifiers)
        return KeepingTools(
            vault: FileVault(
                directory: directory,
                program: Release.version,
                settings: [rules, authorities].compactMap { $0 }
            ),
            reading: { key, document in try? mapping.record(decoding: document.span.bytes, key: key) }
        )
    }
}

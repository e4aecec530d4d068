public import Coordinator
internal import Dispatch
internal import Foundation
internal import Locks

/// Keeps backups in a directory, each in one of its own; see `BackupPlace` for what is in it.
public struct FileVault: BackupVault {
    private let directory: String
    private let program: String
    private let settings: [String]

    /// A vault in a directory, which is made when the first backup is.
    ///
    /// - Parameters:
    ///   - directory: where backups are.
    ///   - program: the version of this program.
    ///   - settings: files that are kept beside the rows: rules and authorities.
    public init(directory: String, program: String, settings: [String]) {
        self.directory = directory
        self.program = program
        self.settings = settings
    }

    /// Begins a backup beside the place that it gets once it is sealed.
    public func begin(_ name: String) async throws(BackupFault) -> any BackupSink {
        do throws(BackupFault) {
            let writer = try BackupWriter(vault: directory, name: name, program: program, settings: settings)
            return FileSink(writer)
        } catch {
            throw error
        }
    }

    /// The backups whose manifest can be read.
    public func complete() async -> [BackupView] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        return names.filter { BackupPlace.isName($0) }.sorted().compactMap { name in
            guard let manifest = try? BackupReader.manifest(of: "\(directory)/\(name)") else { return nil }
            var view = BackupView(name: name, phase: .complete, began: manifest.cut.began)
            view.bytes = manifest.files.reduce(0) { $0 + UInt64($1.bytes) }
            view.cut = manifest.cut.cut
            view.through = manifest.through
            return view
        }
    }
}

internal import Coordinator
internal import Foundation
internal import Identifiers
internal import OpenSSL

/// Writes one backup: first beside its place, under its name once it is sealed.
final class BackupWriter {
    /// A file is ended past it, in bytes, so that none grows beyond what can be copied again in a while.
    private static let fileBytes = 256 << 20

    private let vault: String
    private let name: String
    private let program: String
    private let settings: [String]
    private var directory: String
    private var file: FrameFile?
    private var manifest: BackupManifest?
    private var files: [BackupManifest.File] = []
    private var through = Sequence.zero

    init(vault: String, name: String, program: String, settings: [String]) throws(BackupFault) {
        self.vault = vault
        self.name = name
        self.program = program
        self.settings = settings
        guard BackupPlace.isName(name) else {
            throw BackupFault("\(name) cannot name a backup: letters, digits, dots, dashes and underscores do")
        }
        guard !FileManager.default.fileExists(atPath: "\(vault)/\(name)") else {
            throw BackupFault("there is a backup called \(name) already")
        }
        directory = "\(vault)/.\(name).partial"
        // What an attempt before this one left.
        try? FileManager.default.removeItem(atPath: directory)
        do {
            let own: [FileAttributeKey: Any] = [.posixPermissions: 0o700]
            try FileManager.default.createDirectory(
                atPath: directory,
                withIntermediateDirectories: true,
                attributes: own
            )
        } catch {
            throw BackupFault("\(directory) cannot be made: \(error)")
        }
        try keepSettings()
    }

    private func keepSettings() throws(BackupFault) {
        let place = "\(directory)/\(BackupPlace.settings)"
        do {
            try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
            for path in settings {
                let last = URL(filePath: path).lastPathComponent
                try FileManager.default.copyItem(atPath: path, toPath: "\(place)/\(last)")
            }
        } catch {
            throw BackupFault("the settings cannot be copied: \(error)")
        }
    }

    func append(_ frame: BackupFrame) throws(BackupFault) {
        if let file, file.bytes >= Self.fileBytes { try end(file) }
        let open: FrameFile
        if let file { open = file } else { open = try next() }
        file = open
        try open.append(frame)
        through = max(through, frame.last)
    }

    private func next() throws(BackupFault) -> FrameFile {
        let number = files.count + 1
        let kind = manifest == nil ? "base" : "log"
        return try FrameFile(
            directory: directory,
            name: BackupPlace.file(kind, number),
            number: number,
            after: through
        )
    }

    private func end(_ file: FrameFile) throws(BackupFault) {
        files.append(try file.finish())
        self.file = nil
    }

    func seal(_ cut: BackupCut) throws(BackupFault) {
        if let file { try end(file) }
        through = cut.cut
        manifest = BackupManifest(backup: name, program: program, cut: cut, through: through, files: files)
        try tell()
        let place = "\(vault)/\(name)"
        guard rename(directory, place) == 0 else {
            throw BackupFault("\(place) cannot be made: \(BackupPlace.words(errno))")
        }
        directory = place
        try BackupPlace.sync(directory: vault)
    }

    func extend(through: Sequence) throws(BackupFault) {
        if let file { try end(file) }
        manifest?.through = through
        manifest?.files = files
        try tell()
    }

    /// Writes the sums first: a manifest that is there is one that can be checked.
    private func tell() throws(BackupFault) {
        guard let manifest else { return }
        let encoded = manifest.encoded()
        var sums = manifest.files.map { "\($0.sha256)  \($0.name)\n" }
        sums.append("\(Digest.hexadecimal(Digest.sha256(encoded)))  \(BackupManifest.name)\n")
        for path in settings {
            let last = "\(BackupPlace.settings)/\(URL(filePath: path).lastPathComponent)"
            let bytes = try BackupPlace.read("\(directory)/\(last)")
            sums.append("\(Digest.hexadecimal(Digest.sha256(bytes)))  \(last)\n")
        }
        try BackupPlace.replace("\(directory)/\(BackupPlace.sums)", with: Array(sums.joined().utf8))
        try BackupPlace.replace("\(directory)/\(BackupManifest.name)", with: encoded)
        try BackupPlace.sync(directory: directory)
    }

    func close() {
        file = nil
        guard manifest == nil else { return }
        try? FileManager.default.removeItem(atPath: directory)
    }
}

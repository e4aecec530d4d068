internal import Coordinator
internal import Foundation
internal import Identifiers
internal import OpenSSL

/// Says whether a backup is what it was when it was written.
public enum BackupVerifier {
    /// What was looked at and found.
    public struct Report: Sendable {
        /// What the backup says of itself; `nil` where that cannot be read.
        public var manifest: BackupManifest?
        /// Files that were looked at.
        public var files = 0
        /// Bytes of them.
        public var bytes = 0
        /// Frames that are whole.
        public var frames = 0
        /// What is wrong, each with the name of its file.
        public var faults: [String] = []
    }

    /// Reads every byte of a backup: sums, checksums of frames, and whether a write is missing between two.
    public static func verify(directory: String) -> Report {
        var report = Report()
        checkSums(directory, &report)
        do throws(BackupFault) {
            let manifest = try BackupReader.manifest(of: directory)
            report.manifest = manifest
            try checkFrames(directory, manifest, &report)
        } catch {
            report.faults.append(error.description)
        }
        return report
    }

    /// Holds every file against `SHA256SUMS`, and that against the manifest.
    private static func checkSums(_ directory: String, _ report: inout Report) {
        guard let sums = try? BackupPlace.read("\(directory)/\(BackupPlace.sums)") else {
            report.faults.append("\(BackupPlace.sums) is missing or cannot be read")
            return
        }
        if sums.last != UInt8(ascii: "\n") { report.faults.append("\(BackupPlace.sums) is cut off") }
        var told: [String: String] = [:]
        for line in String(decoding: sums, as: UTF8.self).split(separator: "\n") {
            let parts = line.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: true)
            guard parts.count == 2, parts[0].utf8.count == 2 * Digest.length else {
                report.faults.append("\(BackupPlace.sums) is damaged: a line is not a sum and a name")
                continue
            }
            let name = String(parts[1].drop { $0 == " " })
            guard !name.hasPrefix("/"), !name.split(separator: "/").contains("..") else {
                report.faults.append("\(BackupPlace.sums) is damaged: \(name) is not in the backup")
                continue
            }
            told[name] = String(parts[0])
        }
        for (name, sum) in told.sorted(by: { $0.key < $1.key }) {
            guard let found = self.sum(of: "\(directory)/\(name)", &report) else {
                report.faults.append("\(name) is missing or cannot be read")
                continue
            }
            if found != sum { report.faults.append("\(name) is not what it was: its SHA-256 is \(found), not \(sum)") }
        }
        guard let manifest = try? BackupReader.manifest(of: directory) else { return }
        if told[BackupManifest.name] == nil {
            report.faults.append("\(BackupPlace.sums) does not name \(BackupManifest.name)")
        }
        for file in manifest.files where told[file.name] != file.sha256 {
            report.faults.append("\(BackupPlace.sums) and \(BackupManifest.name) do not agree about \(file.name)")
        }
    }

    private static func sum(of path: String, _ report: inout Report) -> String? {
        guard let data = try? Data(contentsOf: URL(filePath: path), options: .alwaysMapped) else { return nil }
        report.files += 1
        report.bytes += data.count
        let digest = RunningDigest()
        data.withUnsafeBytes { digest.add($0) }
        return Digest.hexadecimal(digest.finish())
    }

    /// Walks through all frames.
    private static func checkFrames(
        _ directory: String,
        _ manifest: BackupManifest,
        _ report: inout Report
    ) throws(BackupFault) {
        var reader = try BackupReader(directory: directory)
        var through = manifest.cut.start
        while let frame = try reader.next() {
            report.frames += 1
            guard frame.kind == .batch else { continue }
            guard frame.first == through.next, frame.last >= frame.first else {
                throw BackupFault("write \(frame.first) does not follow write \(through): something is missing")
            }
            through = frame.last
        }
        guard through >= manifest.through else {
            throw BackupFault("it ends with write \(through), but should reach write \(manifest.through)")
        }
    }
}

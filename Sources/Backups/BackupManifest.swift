public import Coordinator
internal import Foundation
public import Identifiers
internal import JSON

/// What a backup says of itself: `manifest.json`, format 1.
public struct BackupManifest: Sendable, Equatable {
    /// One file of frames.
    public struct File: Sendable, Equatable {
        /// Its name.
        public var name: String
        /// Its length.
        public var bytes: Int
        /// Its SHA-256 in hexadecimal digits.
        public var sha256: String
        /// The last write that is in it or in a file before it.
        public var through: Sequence
    }

    /// The format that this program writes and reads.
    public static let format = 1
    static let name = "manifest.json"

    /// What the backup is called.
    public var backup: String
    /// The version of the program that made it.
    public var program: String
    /// The moment that it shows.
    public var cut: BackupCut
    /// The last write to which it can be restored.
    public var through: Sequence
    /// Its files, in order.
    public var files: [File]

    func encoded() -> [UInt8] {
        var writer = JSONWriter(capacity: 1_024, pretty: true)
        writer.beginObject()
        writer.key("format")
        writer.integer(Self.format)
        writer.member("backup", backup)
        writer.member("program", program)
        for (name, value) in Self.numbers(cut) {
            writer.key(name)
            writer.integer(value)
        }
        writer.key("through")
        writer.integer(through.rawValue)
        writer.member("rules", "\(cut.rules.digest)")
        writer.key("files")
        writer.beginArray()
        for file in files {
            writer.beginObject()
            writer.member("name", file.name)
            writer.key("bytes")
            writer.integer(file.bytes)
            writer.key("through")
            writer.integer(file.through.rawValue)
            writer.member("sha256", file.sha256)
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
        return writer.bytes + [UInt8(ascii: "\n")]
    }

    private static func numbers(_ cut: BackupCut) -> [(String, UInt64)] {
        [
            ("epoch", cut.epoch.rawValue), ("start", cut.start.rawValue), ("cut", cut.cut.rawValue),
            ("began", cut.began), ("ended", cut.ended), ("rows", cut.rows), ("postings", cut.postings),
        ]
    }

    init(backup: String, program: String, cut: BackupCut, through: Sequence, files: [File]) {
        self.backup = backup
        self.program = program
        self.cut = cut
        self.through = through
        self.files = files
    }

    init(decoding bytes: [UInt8]) throws(BackupFault) {
        let value: JSONValue
        do {
            value = try JSONValue(parsing: bytes.span.bytes)
        } catch {
            throw BackupFault("\(Self.name) is damaged: it is not JSON")
        }
        let format = value["format"]?.integer
        guard format == Self.format else {
            throw BackupFault("\(Self.name) is of format \(format ?? 0); this program reads format \(Self.format)")
        }
        func number(_ name: String) throws(BackupFault) -> UInt64 {
            guard let number = value[name]?.integer, number >= 0 else {
                throw BackupFault("\(Self.name) is damaged: \(name) is missing")
            }
            return UInt64(number)
        }
        guard let backup = value["backup"]?.string, let program = value["program"]?.string,
            let rules = value["rules"]?.string.flatMap({ UInt64($0) }), let files = value["files"]?.array
        else { throw BackupFault("\(Self.name) is damaged: backup, program, rules or files is missing") }
        self.backup = backup
        self.program = program
        cut = BackupCut(
            epoch: Epoch(try number("epoch")),
            start: Sequence(try number("start")),
            cut: Sequence(try number("cut")),
            rules: RuleSetVersion(digest: rules),
            began: try number("began"),
            ended: try number("ended"),
            rows: try number("rows"),
            postings: try number("postings")
        )
        through = Sequence(try number("through"))
        self.files = []
        for file in files { self.files.append(try Self.file(file)) }
    }

    private static func file(_ value: JSONValue) throws(BackupFault) -> File {
        guard let name = value["name"]?.string, BackupPlace.isFrameFile(name), let bytes = value["bytes"]?.integer,
            let sha256 = value["sha256"]?.string, let through = value["through"]?.integer, through >= 0
        else { throw BackupFault("\(Self.name) is damaged: a file is not described as it should be") }
        return File(name: name, bytes: bytes, sha256: sha256, through: Sequence(UInt64(through)))
    }
}

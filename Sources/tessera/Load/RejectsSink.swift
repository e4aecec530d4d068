internal import Demographics
internal import Foundation
internal import Identifiers
internal import Locks
internal import PatientMapping

/// Keeps the records that were not stored in a CSV: where they were read, what names them, and why.
///
/// The file is begun with the first of them; one of an earlier load under the same name is replaced then.
final class RejectsSink: Sendable {
    /// The columns.
    static let header = "file,line,source,record_id,code,field,reason\n"

    /// Where they are kept.
    let path: String
    private let files: [String]
    private let file = Mutex<FileAppender?>(nil)

    /// A sink for the rejects of some files.
    init(path: String, files: [String]) {
        self.path = path
        self.files = files
    }

    /// Removes the rejects of an earlier load under the same name, so that nobody takes them for this one's.
    func removeEarlier() {
        guard let handle = FileHandle(forReadingAtPath: path) else { return }
        let beginning = try? handle.read(upToCount: Self.header.utf8.count)
        try? handle.close()
        guard let beginning, beginning.elementsEqual(Self.header.utf8) else { return }
        try? FileManager.default.removeItem(atPath: path)
    }

    /// Adds a record.
    ///
    /// - Throws: a failure that names the file of rejects.
    func add(_ rejection: LoadRejection) throws(CommandFailure) {
        let key = Self.key(of: rejection)
        let fields = [
            files.indices.contains(rejection.file) ? files[rejection.file] : "", String(rejection.line), key.source,
            key.value, rejection.code, rejection.field, rejection.reason,
        ]
        let row = fields.map(Self.quoted).joined(separator: ",") + "\n"
        let path = path
        try file.withLock { file throws(CommandFailure) in
            if file == nil {
                file = try FileAppender(path: path)
                try file?.write(Self.header)
            }
            try file?.write(row)
        }
    }

    /// What names a record; what it called itself where it could not be read.
    private static func key(of rejection: LoadRejection) -> RecordKey {
        if let key = rejection.key { return key }
        guard let record = try? PatientMapping().record(decoding: rejection.document.span.bytes) else {
            return RecordKey(source: "", value: "")
        }
        return record.key
    }

    /// A field of a CSV, in quotes where it needs them (RFC 4180).
    private static func quoted(_ field: String) -> String {
        let isSpecial = field.utf8.contains { $0 == 0x22 || $0 == 0x2C || $0 == 0x0A || $0 == 0x0D }
        guard isSpecial else { return field }
        return "\"" + field.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }
}

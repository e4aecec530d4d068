/// What a file of patient records holds.
public enum FileFormat: String, Sendable, Hashable, CaseIterable {
    /// Comma-separated values with a header line.
    case csv
    /// A FHIR Patient, or a Bundle of them, on each line.
    case ndjson
    /// One of the two, told by the file's name or else by its first byte.
    case auto

    /// What the name says, `.gz` left out of account; `nil` when it says nothing.
    init?(name: String) {
        var name = name.lowercased()
        if name.hasSuffix(".gz") { name.removeLast(3) }
        if [".csv", ".tsv", ".txt"].contains(where: name.hasSuffix) {
            self = .csv
        } else if [".ndjson", ".jsonl", ".json"].contains(where: name.hasSuffix) {
            self = .ndjson
        } else {
            return nil
        }
    }

    /// Why bytes like these are no file of patients at all; `nil` when they may be one.
    static func foreignKind(_ firstBytes: ArraySlice<UInt8>) -> RecordFileError? {
        if firstBytes.starts(with: [0x50, 0x4B, 0x03, 0x04]) {
            return .foreignKind("this is a spreadsheet or zip archive; save it as CSV, or unpack it")
        }
        if firstBytes.starts(with: [0xFF, 0xFE]) || firstBytes.starts(with: [0xFE, 0xFF]) {
            return .foreignKind("this file is UTF-16; save it as UTF-8")
        }
        return nil
    }

    /// What the first byte says, byte order mark and white space left out of account; `nil` when there is no other yet.
    init?(firstBytes: some Sequence<UInt8>) {
        let first = firstBytes.first { ![0xEF, 0xBB, 0xBF, 0x20, 0x09, 0x0A, 0x0D].contains($0) }
        guard let first else { return nil }
        self = first == UInt8(ascii: "{") ? .ndjson : .csv
    }
}

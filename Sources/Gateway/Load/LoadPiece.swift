internal import Coordinator
internal import Demographics
internal import Identifiers

/// A run of lines that travels through the registry together.
struct LoadPiece: Sendable {
    /// What one result will tell.
    struct Entry: Sendable {
        /// Line, from 1.
        let line: Int
        /// Entry of the line's Bundle, from 0; `nil` where the line is a Patient.
        let entry: Int?
        /// Why the entry goes no further; `nil` where it is the next submission.
        let fault: DoorFault?
    }

    private(set) var entries: [Entry] = []
    private(set) var submissions: [Submission] = []
    private(set) var ids: Set<RecordID> = []
    /// Bytes of the documents.
    private(set) var bytes = 0

    var isEmpty: Bool { entries.isEmpty }

    /// Adds a record that is to be stored.
    mutating func add(_ submission: Submission, line: Int, entry: Int?) {
        entries.append(Entry(line: line, entry: entry, fault: nil))
        ids.insert(submission.record.key.id)
        bytes += submission.document.count
        submissions.append(submission)
    }

    /// Adds a line or an entry that cannot be stored.
    mutating func add(_ fault: DoorFault, line: Int, entry: Int?) {
        entries.append(Entry(line: line, entry: entry, fault: fault))
    }
}

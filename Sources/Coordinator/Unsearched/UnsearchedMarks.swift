import Identifiers

/// Which records wait to be searched for: nothing else is decided about them before that.
///
/// A term knows all of them from its beginning, so that whatever is said later of such a record comes later.
struct UnsearchedMarks {
    private(set) var waiting: Set<RecordID> = []
    /// Those of which it is not known yet whether they are taken.
    private var entering: Set<RecordID> = []

    func holds(_ record: RecordID) -> Bool { waiting.contains(record) || entering.contains(record) }

    /// A record is about to be taken; false where it waits, or is about to, already.
    mutating func enter(_ record: RecordID) -> Bool {
        guard !holds(record) else { return false }
        entering.insert(record)
        return true
    }

    /// It is taken and durable, or not taken.
    mutating func settle(_ record: RecordID, isTaken: Bool) {
        entering.remove(record)
        if isTaken { waiting.insert(record) }
    }

    /// It was decided, or is not there.
    mutating func remove(_ record: RecordID) { waiting.remove(record) }

    /// Those that were found when the term began.
    mutating func load(_ records: [RecordID]) { waiting.formUnion(records) }
}

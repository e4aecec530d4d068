internal import Identifiers

/// Where a page of a search begins: after a record, or after a place in a sorted list.
///
/// It names a place among the records and not a page of an old answer, so that walking on is right whatever was written
/// meanwhile: nothing comes twice, and nothing that was there all the time is left out.
struct SearchCursor: Sendable, Hashable {
    static let name = "_cursor"

    /// The record that the page before ended with.
    var record: RecordID
    /// What that record was sorted by.
    var sortedBy: [String] = []
    /// The number of matches as the first page told it.
    var total: Int?

    /// Reads what `text` wrote.
    ///
    /// - Throws: a 400 where it was not written by us.
    init(parsing text: String) throws(DoorFault) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count >= 2, let record = RecordID(parts[0]) else { throw Self.fault }
        self.record = record
        if !parts[1].isEmpty {
            guard let total = Int(parts[1]), total >= 0 else { throw Self.fault }
            self.total = total
        }
        for part in parts.dropFirst(2) {
            sortedBy.append(try PercentCoding.decode(part.replacing("~", with: "%"), plusIsSpace: false))
        }
    }

    init(record: RecordID, sortedBy: [String], total: Int?) {
        self.record = record
        self.sortedBy = sortedBy
        self.total = total
    }

    /// Without characters that a URL would escape.
    var text: String {
        var text = "\(record).\(total.map(String.init) ?? "")"
        for value in sortedBy {
            let escaped = PercentCoding.encode(value).replacing("~", with: "%7E").replacing(".", with: "%2E")
            text += "." + escaped.replacing("%", with: "~")
        }
        return text
    }

    private static let fault = DoorFault.invalid("is not a place that a search has answered", at: name)
}

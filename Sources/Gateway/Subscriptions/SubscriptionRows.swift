internal import Identifiers

/// Divides what is told into rows that may be told beside one another.
///
/// What is told of one person is in one row, and so is what is told of one record: a record that came to another person
/// within a page is told of under both, and whoever heard of its older version last would keep that.
struct SubscriptionRows {
    /// Rows of subjects, each in the order of the feed; at most `width`, none of them empty.
    let rows: [[SubscriptionNotice.Subject]]

    init(_ subjects: [SubscriptionNotice.Subject], width: Int) {
        var parents = Array(subjects.indices)
        func root(_ index: Int) -> Int {
            var root = index
            while parents[root] != root { root = parents[root] }
            return root
        }
        var first: (persons: [UInt64: Int], records: [UInt64: Int]) = ([:], [:])
        for (index, subject) in subjects.enumerated() {
            for known in [first.persons[subject.person], first.records[subject.event.record.rawValue]] {
                guard let known else { continue }
                let (one, other) = (root(known), root(index))
                parents[max(one, other)] = min(one, other)
            }
            first.persons[subject.person] = root(index)
            first.records[subject.event.record.rawValue] = root(index)
        }
        var rows = [[SubscriptionNotice.Subject]](repeating: [], count: width)
        for (index, subject) in subjects.enumerated() { rows[root(index) % width].append(subject) }
        self.rows = rows.filter { !$0.isEmpty }
    }
}

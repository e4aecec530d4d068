import Identifiers

/// Records about which something was decided already while slots are dropped.
final class DecidedRecords {
    /// Records that are remembered; forgetting one costs that it is looked at once more.
    private static let most = 1 << 20

    private var known: Set<RecordID> = []

    /// Those of some records that were not asked about before, each once, in order.
    func fresh(_ records: [RecordID]) -> [RecordID] {
        if known.count > Self.most { known.removeAll() }
        return records.filter { known.insert($0).inserted }.sorted()
    }

    /// What was decided about some does not count: they were written meanwhile.
    func forget(_ records: [RecordID]) { known.subtract(records) }

    /// What was decided was not carried out.
    func forgetAll() { known.removeAll() }
}

import Identifiers
import Identity

/// What happened to one golden identifier, in order; from it follows what it stood for at any moment.
struct PersonTimeline {
    /// What an identifier stood for.
    enum Standing: Equatable {
        /// A person of these records; these identifiers led to it as well.
        case person(members: [RecordID], retired: [GoldenID])
        /// It led to another identifier.
        case redirect(GoldenID)
        /// It had no record any more.
        case extinct
        /// It was not given out yet.
        case unborn
    }

    let golden: GoldenID
    /// Its changes in the order of writes.
    let entries: [ChangesPage.Entry]

    /// What it stood for at a moment, in milliseconds since 1970.
    func standing(at time: UInt64) -> Standing {
        // By the order of writes: the clocks of two leaders may differ.
        guard let last = entries.lastIndex(where: { $0.at <= time }) else { return .unborn }
        var members: Set<RecordID> = []
        var retired: Set<GoldenID> = []
        var redirect: GoldenID?
        for event in entries[...last].flatMap(\.events) {
            switch event {
            case .recordLinked(let record, _, golden): members.insert(record)
            case .recordLinked(let record, .some(golden), _): members.remove(record)
            case .recordRemoved(let record, golden): members.remove(record)
            case .personsMerged(golden, let other): retired.insert(other)
            case .personsMerged(let survivor, golden): redirect = survivor
            case .personSplit(golden, let new): retired.remove(new)
            case .goldenRedirected(golden, _, let to): redirect = to
            case .goldenRedirected(let other, _, golden): retired.insert(other)
            case .goldenRedirected(let other, golden, _): retired.remove(other)
            case .goldenRetired(golden): redirect = nil
            default: break
            }
        }
        guard members.isEmpty else {
            let goldens = retired.sorted { $0.birth < $1.birth }
            return .person(members: members.sorted(), retired: goldens)
        }
        return redirect.map { .redirect($0) } ?? .extinct
    }
}

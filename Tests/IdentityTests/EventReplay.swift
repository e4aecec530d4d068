import Identifiers
import Identity

/// Rebuilds who belonged to whom from nothing but events.
struct EventReplay {
    private(set) var golden: [RecordID: GoldenID] = [:]
    private(set) var redirect: [GoldenID: GoldenID] = [:]
    private(set) var seen: Set<GoldenID> = []
    private(set) var ended: Set<GoldenID> = []

    mutating func apply(_ event: IdentityEvent) {
        switch event {
        case .recordLinked(let record, _, let to):
            golden[record] = to
            seen.insert(to)
            redirect[to] = nil
        case .recordRemoved(let record, _): golden[record] = nil
        case .personsMerged(let survivor, let retired): redirect[retired] = survivor
        case .goldenRetired(let golden): ended.insert(golden)
        case .personSplit(_, let new): redirect[new] = nil
        case .goldenRedirected(let golden, _, let to): redirect[golden] = to
        case .reviewRaised, .reviewSettled: break
        }
    }

    func resolve(_ golden: GoldenID) -> GoldenID {
        var current = golden
        while let next = redirect[current] { current = next }
        return current
    }
}

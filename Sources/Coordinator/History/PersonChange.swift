import Identifiers
import Identity

/// The changes of one write by person: what each golden identifier's own row of that write says.
///
/// The feed tells of a person once, among everything else that happened; these rows stand together by person, so that
/// what somebody was on a past day is read without walking the feed.
enum PersonChange {
    /// The events that concern each golden identifier, in the order in which the identifiers are first named.
    ///
    /// A person that begins with one record needs no row: the feed's row of its birth tells the same.
    static func byGolden(
        _ events: [IdentityEvent],
        at sequence: Sequence
    ) -> [(golden: GoldenID, events: [IdentityEvent])] {
        var places: [GoldenID: Int] = [:]
        var rows: [(golden: GoldenID, events: [IdentityEvent])] = []
        for event in events {
            for golden in concerned(by: event) {
                if let place = places[golden] {
                    rows[place].events.append(event)
                } else {
                    places[golden] = rows.count
                    rows.append((golden, [event]))
                }
            }
        }
        return rows.filter { !isBirth($0.events, of: $0.golden, at: sequence) }
    }

    /// The golden identifiers that an event concerns, each once.
    static func concerned(by event: IdentityEvent) -> [GoldenID] {
        switch event {
        case .recordLinked(_, let from, let to):
            guard let from, from != to else { return [to] }
            return [from, to]
        case .recordRemoved(_, let golden), .goldenRetired(let golden): return [golden]
        case .personsMerged(let survivor, let retired): return [survivor, retired]
        case .personSplit(let from, let new): return [from, new]
        case .goldenRedirected(let golden, let from, let to):
            return [golden] + (from == golden ? [] : [from]) + (to == golden || to == from ? [] : [to])
        case .reviewRaised, .reviewSettled: return []
        }
    }

    private static func isBirth(_ events: [IdentityEvent], of golden: GoldenID, at sequence: Sequence) -> Bool {
        guard golden.birth == sequence, events.count == 1, case .recordLinked(_, nil, golden) = events[0] else {
            return false
        }
        return true
    }
}

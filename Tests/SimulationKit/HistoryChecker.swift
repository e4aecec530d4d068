import Coordinator
import Identifiers
import Identity

/// Holds the change feed, the versions of records and the histories of persons against each other: three ways in which
/// the same past is kept.
struct HistoryChecker: Sendable {
    let registry: Registry
    let feed: [ChangesPage.Entry]

    /// Moments at which persons are compared; each costs a reading of every person.
    private static let momentsMost = 4

    func check() async throws(RegistryError) -> [String] {
        try await versions() + persons()
    }

    /// The feed tells of every version of every record once, in order, and each can be read.
    private func versions() async throws(RegistryError) -> [String] {
        var violations: [String] = []
        var told: [RecordID: [ChangedRecord]] = [:]
        for changed in feed.compactMap(\.record) { told[changed.record, default: []].append(changed) }
        for record in told.keys.sorted() {
            let changes = told[record] ?? []
            guard changes.map(\.version) == (1...UInt32(changes.count)).map({ $0 }) else {
                violations.append("the feed tells versions \(changes.map(\.version)) of record \(record)")
                continue
            }
            for change in changes {
                guard let stored = try await registry.record(id: record, version: change.version) else {
                    violations.append("version \(change.version) of record \(record) cannot be read")
                    continue
                }
                if stored.version != change.version || stored.deleted != (change.change == .removed) {
                    violations.append("version \(change.version) of record \(record) is not what the feed told")
                }
            }
            if let now = try await registry.record(id: record), now.version != changes.last?.version {
                violations.append("record \(record) is at version \(now.version), which the feed did not tell")
            }
        }
        return violations
    }

    /// At every moment a person was what the feed had told by then.
    private func persons() async throws(RegistryError) -> [String] {
        var violations: [String] = []
        for cut in moments() {
            let at = feed[cut].at
            let (members, known) = Self.fold(feed[...cut])
            for golden in known.sorted(by: { $0.rawValue < $1.rawValue }) {
                let person = try await registry.person(golden, at: at)
                guard let expected = members[golden] else { continue }
                if person?.golden != golden || Set(person?.members.map(\.id) ?? []) != expected {
                    violations.append(
                        "person \(golden) at \(at) is not what the feed told by change \(feed[cut].sequence)"
                    )
                }
            }
        }
        return violations
    }

    /// Places in the feed such that all before were written by a moment and all behind later: the clocks of two leaders
    /// may differ, and one millisecond has many writes.
    private func moments() -> [Int] {
        var cuts: [Int] = []
        var latest: UInt64 = 0
        var earliestBehind = [UInt64](repeating: .max, count: feed.count + 1)
        for place in feed.indices.reversed() { earliestBehind[place] = min(earliestBehind[place + 1], feed[place].at) }
        for place in feed.indices {
            latest = max(latest, feed[place].at)
            if latest == feed[place].at, earliestBehind[place + 1] > latest { cuts.append(place) }
        }
        let step = max(1, cuts.count / Self.momentsMost)
        return cuts.enumerated().filter { $0.offset % step == step - 1 }.map(\.element)
    }

    /// Who had which records, and all identifiers that were given out.
    private static func fold(
        _ entries: ArraySlice<ChangesPage.Entry>
    ) -> (members: [GoldenID: Set<RecordID>], known: Set<GoldenID>) {
        var members: [GoldenID: Set<RecordID>] = [:]
        var known: Set<GoldenID> = []
        func remove(_ record: RecordID, from golden: GoldenID) {
            members[golden]?.remove(record)
            if members[golden]?.isEmpty == true { members[golden] = nil }
        }
        for event in entries.flatMap(\.events) {
            switch event {
            case .recordLinked(let record, let from, let to):
                if let from { remove(record, from: from) }
                members[to, default: []].insert(record)
                known.insert(to)
            case .recordRemoved(let record, let golden): remove(record, from: golden)
            default: break
            }
        }
        return (members, known)
    }
}

import Coordinator
import Demographics
import Identifiers
import Identity
import Matching
import ShardProtocol
import Topology

/// Compares what a healed cluster holds with what its clients were promised.
struct SimulationChecker: Sendable {
    let registry: Registry
    let derived: DerivedRowsChecker
    let acknowledged: AcknowledgedWrites
    let operations: OperationLog
    let follower: FeedFollower
    let rules: RuleSet
    let time: VirtualTime
    /// Whether records were removed: an identifier whose last record went leads nowhere by right.
    let mayRetire: Bool

    func check() async -> [String] {
        var violations = acknowledged.violations
        do throws(RegistryError) {
            violations += try await records()
            let groups = try await partition(of: registry)
            violations += try await compare(groups)
            violations += try await persons(groups)
            violations += try await goldens()
            let feed = try await feed()
            violations += membership(feed, groups)
            violations += follower.check(against: feed)
            violations += try await HistoryChecker(registry: registry, feed: feed).check()
            violations += try await linearizability()
        } catch {
            violations.append("the healed cluster does not answer: \(error)")
        }
        do throws(ShardError) {
            violations += try await derived.check(acknowledged.promises.filter { !$0.removed }.map(\.record))
        } catch {
            violations.append("the healed shards do not answer: \(error)")
        }
        return violations
    }

    /// Invariant 1: nothing acknowledged is lost.
    private func records() async throws(RegistryError) -> [String] {
        var violations: [String] = []
        for promise in acknowledged.promises {
            let key = promise.record.key
            let stored = try await registry.record(key)
            if promise.removed {
                if let stored, !stored.deleted { violations.append("\(key) was removed and is back") }
            } else if stored == nil || stored?.deleted == true || stored?.isUnsearched == true {
                violations.append("\(key) was acknowledged and is lost")
            } else if stored?.document != promise.document
                || promise.version > 0 && stored?.version != promise.version
            {
                violations.append(
                    "\(key) was acknowledged as version \(promise.version) and is \(stored?.version ?? 0)"
                )
            }
        }
        return violations
    }

    /// The golden identifiers of all live records.
    private func partition(of registry: Registry) async throws(RegistryError) -> [RecordKey: GoldenID] {
        var groups: [RecordKey: GoldenID] = [:]
        var after: RecordID?
        repeat {
            let page = try await registry.links(after: after, limit: 50)
            for entry in page.entries { groups[entry.key] = entry.golden }
            after = page.next
        } while after != nil
        return groups
    }

    /// Invariant 2: the partition is that of the final records alone, loaded one by one where nothing fails.
    private func compare(_ groups: [RecordKey: GoldenID]) async throws(RegistryError) -> [String] {
        let quiet = Registry(
            slots: SlotMap(evenly: 1),
            shards: [TwinShard()],
            rules: rules,
            control: SimulatedControl(),
            clock: time
        )
        let expected = try await withQuiet(quiet)
        let live = Set(acknowledged.promises.filter { !$0.removed }.map(\.record.key))
        var violations: [String] = []
        for key in live.subtracting(groups.keys).map({ "\($0)" }).sorted() { violations.append("\(key) has no person") }
        for key in Set(groups.keys).subtracting(live).map({ "\($0)" }).sorted() {
            violations.append("\(key) has a person and was never promised")
        }
        let got = Self.sets(groups)
        let want = Self.sets(expected)
        if got != want {
            violations.append(
                "persons differ from an undisturbed run: got \(Self.text(got.subtracting(want))), expected \(Self.text(want.subtracting(got)))"
            )
        }
        return violations
    }

    private func withQuiet(_ quiet: Registry) async throws(RegistryError) -> [RecordKey: GoldenID] {
        let promises = acknowledged.promises
        let result = await withTaskGroup(of: Void.self) { group in
            group.addTask { await quiet.run() }
            for promise in promises where !promise.removed {
                while true {
                    let outcome = await quiet.submit([Submission(record: promise.record, document: promise.document)])
                    if case .stored? = outcome.first { break }
                    await time.sleep(.milliseconds(10))
                }
            }
            let result: Result<[RecordKey: GoldenID], RegistryError>
            do throws(RegistryError) {
                result = .success(try await partition(of: quiet))
            } catch {
                result = .failure(error)
            }
            group.cancelAll()
            return result
        }
        return try result.get()
    }

    private static func text(_ sets: Set<[String]>) -> String {
        sets.map { $0.joined(separator: " ") }.sorted().joined(separator: "; ")
    }

    private static func sets(_ groups: [RecordKey: GoldenID]) -> Set<[String]> {
        var members: [GoldenID: [String]] = [:]
        for (key, golden) in groups { members[golden, default: []].append("\(key)") }
        return Set(members.values.map { $0.sorted() })
    }

    /// A person read by its golden identifier holds just the records that point to it.
    private func persons(_ groups: [RecordKey: GoldenID]) async throws(RegistryError) -> [String] {
        var members: [GoldenID: Set<RecordKey>] = [:]
        for (key, golden) in groups { members[golden, default: []].insert(key) }
        var violations: [String] = []
        for golden in members.keys.sorted(by: { $0.rawValue < $1.rawValue }) {
            let person = try await registry.person(golden)
            if person?.golden != golden || Set(person?.members.map(\.key) ?? []) != members[golden] {
                violations.append("person \(golden) does not hold the records that point to it")
            }
        }
        return violations
    }

    /// Invariant 3: a golden identifier once given leads to a person as long as anything of it is left.
    private func goldens() async throws(RegistryError) -> [String] {
        var violations: [String] = []
        for golden in acknowledged.goldens {
            let person = try await registry.person(golden)
            if person == nil, !mayRetire { violations.append("golden identifier \(golden) leads nowhere") }
        }
        return violations
    }

    /// The whole change feed.
    private func feed() async throws(RegistryError) -> [ChangesPage.Entry] {
        var entries: [ChangesPage.Entry] = []
        var after = Identifiers.Sequence.zero
        while true {
            let page = try await registry.changes(after: after, limit: 100)
            entries += page.entries
            guard page.next > after else { return entries }
            after = page.next
        }
    }

    /// The change feed, replayed, gives the same membership.
    private func membership(_ feed: [ChangesPage.Entry], _ groups: [RecordKey: GoldenID]) -> [String] {
        var members: [RecordID: GoldenID] = [:]
        for event in feed.flatMap(\.events) {
            switch event {
            case .recordLinked(let record, _, let to): members[record] = to
            case .recordRemoved(let record, _): members[record] = nil
            default: break
            }
        }
        var expected: [RecordID: GoldenID] = [:]
        for (key, golden) in groups { expected[key.id] = golden }
        return members == expected ? [] : ["the change feed tells another membership than the registry"]
    }

    /// What happened under each key could have happened one after the other, up to what is read now.
    private func linearizability() async throws(RegistryError) -> [String] {
        var violations: [String] = []
        for key in operations.keys {
            let began = operations.begin(.read, of: key)
            operations.end(began, of: key, try await SimulatedReader.read(key, from: registry).answer)
            let history = operations.operations(of: key)
            switch LinearizabilityChecker(history).check() {
            case .linearizable: break
            case .broken:
                let words = history.map(\.words).joined(separator: "; ")
                violations.append("what clients saw of \(key) fits no order: \(words)")
            case .undecided: violations.append("what clients saw of \(key) has too many orders to look at")
            }
        }
        return violations
    }
}

import Demographics
import Identifiers
import Identity
import Matching
import ShardProtocol
import Topology

/// One piece of a change of rules: some slots are keyed, or decided, anew.
struct RuleTransition: Sendable {
    /// Adjacent slots of one owner that are done before the book is written.
    private static let slotRun = 16
    private static let page = 128
    /// Bytes of records that are written at once.
    private static let byteLimit = 2 << 20
    /// Records that are decided together; larger groups are decided record by record.
    static let groupLimit = 256
    /// How often a group is tried again with the records that it turned out to need.
    private static let rounds = 8

    let fanOut: FanOut
    let queue: WriteQueue
    let clock: any CoordinatorClock
    let plan: RulePlan
    let reading: KeepingTools.Reading

    /// Adjacent slots of one owner.
    struct Stretch {
        var owner: ShardID
        var first: StoreKey
        var through: UInt64
        /// The slot after the last.
        var end: Int
    }

    /// The slots that come next; `nil` at the end.
    func stretch(from first: Int) -> Stretch? {
        let owners = fanOut.routing.map.owners
        var end = first + 1
        while end < Slot.count, end - first < Self.slotRun, owners[end] == owners[first] { end += 1 }
        guard let from = Slot(first), let last = Slot(end - 1) else { return nil }
        return Stretch(owner: owners[first], first: StoreKey(from.firstHash), through: last.lastHash, end: end)
    }

    /// Does some records.
    ///
    /// - Returns: what was done, and where to go on; `nil` where the stretch is done.
    func page(
        _ phase: RuleBook.Transition.Phase,
        _ stretch: Stretch,
        from start: StoreKey
    ) async throws(RegistryError) -> (work: RulesReport.Work, next: StoreKey?) {
        let page = try await ask { () async throws(ShardError) in
            try await fanOut.routing.client(stretch.owner).scan(
                ScanRequest(table: .home, from: start, through: stretch.through, limit: Self.page)
            )
        }
        var work = RulesReport.Work()
        work.records = UInt64(page.rows.count)
        let homes = decoded(page.rows, &work)
        switch phase {
        case .indexing: try await repost(homes, &work)
        case .resolving: try await renew(homes, &work)
        }
        return (work, page.next)
    }

    private typealias Home = (id: RecordID, row: HomeRow, bytes: Int)

    private func decoded(_ rows: [ScanAnswer.Row], _ work: inout RulesReport.Work) -> [Home] {
        var homes: [Home] = []
        for row in rows {
            guard let home = try? HomeRow(decoding: row.value) else {
                work.unread += 1
                continue
            }
            if !home.deleted { homes.append((RecordID(row.key.hash), home, row.value.count)) }
        }
        return homes
    }

    private func renewal(_ home: Home, _ work: inout RulesReport.Work) -> Renewal? {
        let renewal = Renewal(home.id, home.row, bytes: home.bytes, plan: plan, reading: reading)
        if renewal == nil { work.unread += 1 }
        return renewal
    }

    // MARK: Keys

    private func repost(_ homes: [Home], _ work: inout RulesReport.Work) async throws(RegistryError) {
        var waiting: [Renewal] = []
        var bytes = 0
        for home in homes {
            guard let renewal = renewal(home, &work), Set(renewal.keys) != Set(home.row.keys) else { continue }
            if bytes + home.bytes > Self.byteLimit, !waiting.isEmpty {
                work.renewed += UInt64(try await submit([write(.repost(waiting), waiting)])[0].done)
                waiting = []
                bytes = 0
            }
            waiting.append(renewal)
            bytes += home.bytes
        }
        guard !waiting.isEmpty else { return }
        work.renewed += UInt64(try await submit([write(.repost(waiting), waiting)])[0].done)
    }

    // MARK: Persons

    /// Records that are decided together.
    private struct Group {
        var renewals: [Renewal]
        /// Whether they are decided also where others belong to them.
        var isForced: Bool
    }

    private func renew(_ homes: [Home], _ work: inout RulesReport.Work) async throws(RegistryError) {
        var open = try await groups(of: homes.filter { !plan.isCurrent($0.row) }.map(\.id))
        for round in 1...Self.rounds where !open.isEmpty {
            var wider: [Set<RecordID>] = []
            // What does not come to rest is decided as it is: right in the end, see DESIGN.md.
            for part in try await parts(open, isLast: round == Self.rounds, &work) {
                let outcomes = try await submit(
                    part.map { write(.renew($0.renewals, isForced: $0.isForced), $0.renewals) }
                )
                for (group, outcome) in zip(part, outcomes) {
                    work.renewed += UInt64(outcome.done)
                    guard !outcome.wider.isEmpty else { continue }
                    work.widened += 1
                    wider.append(Set(group.renewals.map(\.id)).union(outcome.wider))
                }
            }
            let united = Self.united(wider)
            open = try await groups(of: united.flatMap { $0.sorted() }, joining: united)
        }
    }

    /// Groups that have a record in common are one.
    private static func united(_ groups: [Set<RecordID>]) -> [Set<RecordID>] {
        var united: [Set<RecordID>] = []
        for group in groups {
            let touching = united.filter { !group.isDisjoint(with: $0) }
            united.removeAll { !group.isDisjoint(with: $0) }
            united.append(touching.reduce(group) { $0.union($1) })
        }
        return united
    }

    /// Records with all that stand in a component with them.
    private func groups(
        of ids: [RecordID],
        joining known: [Set<RecordID>] = []
    ) async throws(RegistryError) -> [[RecordID]] {
        guard !ids.isEmpty else { return [] }
        let links = try await ask { () async throws(ShardError) in try await fanOut.read(ids.map { .link($0) }) }
        var places: [RecordID: RecordID] = [:]
        for id in ids {
            guard let bytes = links[.link(id)] ?? nil, let link = try? LinkRow(decoding: bytes) else { continue }
            places[id] = link.component
        }
        let components = try await ask { () async throws(ShardError) in
            try await fanOut.read(Set(places.values).sorted().map { .component($0) })
        }
        var sets = known
        for id in ids {
            guard let place = places[id], let bytes = components[.component(place)] ?? nil,
                let component = try? RowReader.component(bytes)
            else {
                sets.append([id])
                continue
            }
            if sets.contains(where: { $0.contains(id) && $0.isSuperset(of: component.liveRecords) }) { continue }
            sets.append(component.liveRecords.union([id]))
        }
        return Self.united(sets).map { $0.sorted() }.sorted { ($0.first ?? RecordID(0)) < ($1.first ?? RecordID(0)) }
    }

    /// What is to be written of groups, in parts that are written at once; a group that is too large falls apart.
    private func parts(
        _ groups: [[RecordID]],
        isLast: Bool,
        _ work: inout RulesReport.Work
    ) async throws(RegistryError) -> [[Group]] {
        var parts: [[Group]] = []
        var bytes = 0
        for group in groups {
            let renewals = try await renewals(group, &work)
            guard !renewals.isEmpty else { continue }
            let size = renewals.reduce(0) { $0 + $1.bytes }
            if renewals.count > Self.groupLimit || size > Self.byteLimit {
                parts += renewals.map { [Group(renewals: [$0], isForced: true)] }
                bytes = Self.byteLimit
                continue
            }
            if parts.isEmpty || bytes + size > Self.byteLimit || parts[parts.count - 1].count >= Self.page {
                parts.append([])
                bytes = 0
            }
            parts[parts.count - 1].append(Group(renewals: renewals, isForced: isLast))
            bytes += size
        }
        return parts
    }

    private func renewals(
        _ group: [RecordID],
        _ work: inout RulesReport.Work
    ) async throws(RegistryError) -> [Renewal] {
        let rows = try await ask { () async throws(ShardError) in try await fanOut.read(group.map { .home($0) }) }
        var renewals: [Renewal] = []
        for id in group {
            guard let value = rows[.home(id)] ?? nil, let home = try? HomeRow(decoding: value), !home.deleted,
                !plan.isCurrent(home), let renewal = renewal((id, home, value.count), &work)
            else { continue }
            renewals.append(renewal)
        }
        return renewals
    }

    // MARK: Asking

    private func write(_ action: PreparedWrite.Action, _ renewals: [Renewal]) -> PreparedWrite {
        var write = PreparedWrite(
            id: renewals.first?.id ?? RecordID(0),
            key: RecordKey(source: "", value: ""),
            action: action
        )
        write.stamp = plan.stamp
        return write
    }

    /// Puts writes in line and waits for them.
    private func submit(_ writes: [PreparedWrite]) async throws(RegistryError) -> [(done: Int, wider: [RecordID])] {
        var answers: [(Int, [RecordID])] = []
        for outcome in await queue.submit([writes], now: clock.milliseconds()) {
            switch outcome {
            case .renewed(let done, let wider): answers.append((done, wider))
            case .submission(.unavailable(let reason, let seconds)):
                throw .unavailable(reason: reason, retryAfterSeconds: seconds)
            case .submission, .decided, .ruled, .refusedDecision:
                throw .corrupt("a change of rules was answered like something else")
            }
        }
        return answers
    }

    private func ask<Answer>(
        _ body: () async throws(ShardError) -> Answer
    ) async throws(RegistryError) -> Answer {
        do throws(ShardError) {
            return try await body()
        } catch {
            throw RegistryError(error)
        }
    }
}

extension Component {
    /// The records that are there.
    var liveRecords: Set<RecordID> { Set(members.lazy.filter { !$0.isAbsent }.map(\.record)) }
}

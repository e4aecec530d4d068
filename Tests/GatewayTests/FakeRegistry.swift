import Demographics
import Identifiers
import Identity
import Lookup
import ShardProtocol

@testable import Coordinator

/// A registry in memory with the simplest rule there is: records of one family name and birth date are one person.
actor FakeRegistry: Registering {
    /// What the next questions are answered with, where something is to go wrong.
    private var failure: RegistryError?
    private var refusal: SubmissionOutcome?
    private var clusterStatus = FakeRegistry.healthy
    private var history: [RecordKey: [StoredRecord]] = [:]
    private var order: [RecordKey] = []
    private var sources: [RecordKey: SourceRecord] = [:]
    private var goldens: [String: GoldenID] = [:]
    private var retired: [GoldenID: GoldenID] = [:]
    private var sequence: UInt64 = 0
    private var notes: [String: [UInt8]] = [:]
    private var feed: [ChangesPage.Entry] = []
    private(set) var decisions: [StewardDecision] = []
    private(set) var batches: [Int] = []
    private(set) var orders: [KeepingOrder] = []
    private var keeping = KeepingReport()
    private(set) var ruleOrders: [RulesOrder] = []
    private var rulesReport = RulesReport(
        book: RuleBook(),
        configured: RuleSetVersion(digest: 1),
        deciding: RuleSetVersion(digest: 1)
    )
    private var ruleFiles: [RuleSetVersion: [UInt8]] = [:]
    private var isIncomplete = false
    private var unsearched: [MatchAnswer.UnsearchedKey] = []

    /// 2026-07-21T00:00:00Z and a second for each write.
    private var now: UInt64 { 1_784_592_000_000 + sequence * 1_000 }

    func fail(with error: RegistryError?) { failure = error }
    func answerWrites(with outcome: SubmissionOutcome?) { refusal = outcome }
    func answerRules(with report: RulesReport, files: [RuleSetVersion: [UInt8]] = [:]) {
        rulesReport = report
        ruleFiles = files
    }
    func answerOrders(with report: KeepingReport) { keeping = report }
    func cutMatches() { isIncomplete = true }

    func silence(_ keys: [MatchAnswer.UnsearchedKey]) { unsearched = keys }
    func setStatus(_ status: ClusterStatus) { clusterStatus = status }

    /// Makes a golden identifier redirect to the person of another one.
    func retire(_ golden: GoldenID, for survivor: GoldenID) { retired[golden] = survivor }

    /// Stores versions of a record and entries of the feed as they are.
    func put(_ versions: [StoredRecord], _ entries: [ChangesPage.Entry]) {
        for record in versions {
            if history[record.key] == nil { order.append(record.key) }
            history[record.key, default: []].append(record)
            sequence = max(sequence, record.sequence.rawValue)
        }
        feed += entries
    }

    func submit(_ submissions: [Submission]) -> [SubmissionOutcome] {
        batches.append(submissions.count)
        return submissions.map { refusal ?? carryOut($0) }
    }

    private func carryOut(_ submission: Submission) -> SubmissionOutcome {
        let key = submission.record.key
        let last = history[key]?.last
        let lives = last.map { !$0.deleted } ?? false
        if let expected = submission.expectedVersion, expected != (lives ? last?.version ?? 0 : 0) {
            return .refused(.versionConflict(current: lives ? last?.version ?? 0 : 0))
        }
        if submission.mustBeNew, lives { return .refused(.alreadyExists) }
        sequence += 1
        let version = (last?.version ?? 0) + 1
        guard submission.action == .upsert else {
            guard lives else { return .refused(.notFound) }
            let removal = StoredRecord(
                key: key,
                id: key.id,
                version: version,
                deleted: true,
                updated: now,
                golden: nil,
                document: [],
                sequence: Sequence(sequence)
            )
            history[key, default: []].append(removal)
            return .removed(key, version: version)
        }
        let golden = golden(of: submission.record)
        feed.append(
            .init(
                sequence: Sequence(sequence),
                at: now,
                record: ChangedRecord(record: key.id, version: version, change: last == nil ? .created : .updated),
                events: [.recordLinked(record: key.id, from: last?.golden, to: golden)]
            )
        )
        if last == nil { order.append(key) }
        sources[key] = submission.record
        let stored = StoredRecord(
            key: key,
            id: key.id,
            version: version,
            deleted: false,
            updated: now,
            golden: golden,
            document: submission.document,
            sequence: Sequence(sequence)
        )
        history[key, default: []].append(stored)
        return .stored(
            .init(
                key: key,
                id: key.id,
                golden: golden,
                version: version,
                created: !lives,
                unchanged: false,
                updated: now
            )
        )
    }

    private func golden(of record: SourceRecord) -> GoldenID {
        let name = (record.names.first?.family ?? "") + "|" + record.birthDate
        let minted = goldens[name] ?? GoldenID(birth: Sequence(sequence))
        goldens[name] = minted
        return minted
    }

    private func check() throws(RegistryError) {
        if let failure { throw failure }
    }

    func match(_ record: SourceRecord, limit: Int) throws(RegistryError) -> MatchAnswer {
        try check()
        var matches: [MatchedRecord] = []
        for key in order {
            guard let stored = history[key]?.last, !stored.deleted, let source = sources[key] else { continue }
            guard source.names.first?.family == record.names.first?.family, !record.names.isEmpty else { continue }
            let sameDay = source.birthDate == record.birthDate
            matches.append(
                MatchedRecord(
                    record: stored,
                    weight: MatchWeight(bits: sameDay ? 20 : 8),
                    grade: sameDay ? .certain : .probable,
                    probability: sameDay ? 0.999_999_7 : 0.875
                )
            )
        }
        let best = matches.filter { $0.grade == .certain } + matches.filter { $0.grade != .certain }
        return MatchAnswer(
            matches: Array(best.prefix(limit)),
            incomplete: isIncomplete,
            cost: SearchCost(postings: 3, bounded: 1, scored: 2),
            rules: RuleSetVersion(digest: 7),
            unsearched: unsearched,
            unread: unsearched.count
        )
    }

    func record(_ key: RecordKey) throws(RegistryError) -> StoredRecord? {
        try check()
        return history[key]?.last
    }

    func record(id: RecordID) throws(RegistryError) -> StoredRecord? {
        try check()
        return history.first { $0.key.id == id }?.value.last
    }

    func record(id: RecordID, version: UInt32) throws(RegistryError) -> StoredRecord? {
        try check()
        return history.first { $0.key.id == id }?.value.first { $0.version == version }
    }

    func person(_ golden: GoldenID) throws(RegistryError) -> PersonView? {
        try check()
        let survivor = retired[golden] ?? golden
        let members = order.compactMap { history[$0]?.last }.filter { $0.golden == survivor && !$0.deleted }
        guard !members.isEmpty else { return nil }
        let others = retired.filter { $0.value == survivor }.map(\.key)
        return PersonView(golden: survivor, retired: others, members: members.sorted { $0.id < $1.id })
    }

    func explain(_ first: RecordKey, _ second: RecordKey) throws(RegistryError) -> ExplainAnswer? {
        try check()
        guard let one = history[first]?.last, let other = history[second]?.last, let left = sources[first],
            let right = sources[second], let explanation = try? FakeRules.explain(left, right)
        else { return nil }
        return ExplainAnswer(
            first: one,
            second: other,
            explanation: explanation,
            rules: RuleSetVersion(digest: 7),
            samePerson: one.golden == other.golden
        )
    }

    func changes(after: Sequence, limit: Int) throws(RegistryError) -> ChangesPage {
        try check()
        let rest = feed.filter { $0.sequence > after }
        let page = Array(rest.prefix(limit))
        return ChangesPage(entries: page, next: page.last?.sequence ?? after, more: rest.count > limit)
    }

    func latest() throws(RegistryError) -> Sequence {
        try check()
        return Sequence(sequence)
    }

    func reviews(limit: Int) throws(RegistryError) -> [ReviewItem] {
        try check()
        guard order.count > 1, let pair = RecordPair(order[0].id, order[1].id) else { return [] }
        let task = ReviewTask(
            pair: pair,
            reason: .guardForbade(.differentIdentifiers),
            weight: MatchWeight(bits: 12.5),
            harm: 700
        )
        return [ReviewItem(task: task, raised: now)]
    }

    func reviews(about records: [RecordID]) throws(RegistryError) -> [[ReviewItem]] {
        let all = try reviews(limit: .max)
        return records.map { record in all.filter { $0.task.pair.a == record || $0.task.pair.b == record } }
    }

    func decide(_ decision: StewardDecision) throws(RegistryError) -> [IdentityEvent] {
        try check()
        decisions.append(decision)
        return [.personsMerged(survivor: GoldenID(birth: Sequence(1)), retired: GoldenID(birth: Sequence(2)))]
    }

    private(set) var rulings: [Ruling] = []

    func rule(_ request: RulingRequest, storing former: Submission?) throws(RegistryError) -> Ruling {
        try check()
        let records: [RecordID]
        switch request.order {
        case .persons(let order): records = order.records
        case .stated(_, let pair), .free(let pair): records = [pair.a, pair.b]
        case .release(let record), .reject(let record): records = [record]
        case .undo(let number), .approve(let number), .decline(let number):
            guard number <= rulings.count else { throw .invalid("there is no such ruling") }
            records = rulings[Int(number) - 1].records
        }
        let ruling = Ruling(
            number: UInt64(rulings.count + 1),
            kind: .link,
            state: .standing,
            sequence: Sequence(1),
            at: now,
            by: request.by,
            comment: request.comment,
            second: "",
            records: records,
            verdicts: [],
            moves: [],
            undoes: 0,
            undoneBy: 0,
            isRestored: false
        )
        rulings.append(ruling)
        requests.append(request)
        return ruling
    }

    private(set) var requests: [RulingRequest] = []

    func preview(_ order: RulingOrder, by author: String) throws(RegistryError) -> StewardPlan? {
        try check()
        return nil
    }

    func ruling(_ number: UInt64) throws(RegistryError) -> Ruling? {
        try check()
        return number > 0 && number <= rulings.count ? rulings[Int(number) - 1] : nil
    }

    func rulings(before: UInt64?, limit: Int) throws(RegistryError) -> [Ruling] {
        try check()
        return Array(rulings.reversed().filter { $0.number < before ?? .max }.prefix(limit))
    }

    func held(limit: Int) throws(RegistryError) -> [HeldUpdate] {
        try check()
        return []
    }

    func note(new name: String, _ document: [UInt8]) throws(RegistryError) -> Bool {
        try check()
        guard notes[name] == nil else { return false }
        notes[name] = document
        return true
    }

    func notes(_ names: [String]) throws(RegistryError) -> [[UInt8]?] {
        try check()
        return names.map { notes[$0] }
    }

    func links(after: RecordID?, limit: Int) throws(RegistryError) -> LinksPage {
        try check()
        let live = order.compactMap { history[$0]?.last }.filter { !$0.deleted }.sorted { $0.id < $1.id }
        let rest = live.filter { record in after.map { record.id > $0 } ?? true }
        let page = rest.prefix(limit).compactMap { record in
            record.golden.map { LinkEntry(key: record.key, id: record.id, golden: $0) }
        }
        return LinksPage(entries: page, next: rest.count > limit ? page.last?.id : nil)
    }

    private func live(after: RecordID?) -> [StoredRecord] {
        order.compactMap { history[$0]?.last }.filter { record in
            !record.deleted && after.map { record.id > $0 } ?? true
        }.sorted { $0.id < $1.id }
    }

    private func page(_ found: [StoredRecord], _ limit: Int) -> RecordsPage {
        RecordsPage(records: Array(found.prefix(limit)), next: found.count > limit ? found[limit - 1].id : nil)
    }

    func lookup(_ keys: [UInt64], after: RecordID?, limit: Int) throws(RegistryError) -> RecordsPage {
        try check()
        let found = live(after: after).filter { record in
            sources[record.key].map { !Set(LookupKey.keys(of: $0)).isDisjoint(with: keys) } ?? false
        }
        return page(found, limit)
    }

    func records(after: RecordID?, limit: Int) throws(RegistryError) -> RecordsPage {
        try check()
        return page(live(after: after), limit)
    }

    func person(_ golden: GoldenID, at time: UInt64) throws(RegistryError) -> PersonView? {
        guard var person = try person(golden) else { return nil }
        person.members.removeAll { $0.updated > time }
        return person.members.isEmpty ? nil : person
    }

    func history(of golden: GoldenID) throws(RegistryError) -> ChangesPage {
        try check()
        let entries = feed.filter { $0.events.contains { PersonChange.concerned(by: $0).contains(golden) } }
        return ChangesPage(entries: entries, next: entries.last?.sequence ?? .zero, more: false)
    }

    func companions(of records: [StoredRecord]) throws(RegistryError) -> [[StoredRecord]] {
        try check()
        return records.map { record in live(after: nil).filter { $0.golden == record.golden && $0.id != record.id } }
    }

    func record(id: RecordID, versions: [UInt32]) throws(RegistryError) -> [StoredRecord?] {
        try check()
        let all = history.first { $0.key.id == id }?.value ?? []
        return versions.map { version in all.first { $0.version == version } }
    }

    func note(_ name: String, _ document: [UInt8]?) throws(RegistryError) {
        try check()
        notes[name] = document
    }

    func note(_ name: String) throws(RegistryError) -> [UInt8]? {
        try check()
        return notes[name]
    }

    func knows(system: String) throws(RegistryError) -> Bool {
        try check()
        return sources.contains { $0.key.source == system || $0.value.identifiers.contains { $0.system == system } }
    }

    func moves() throws(RegistryError) -> [MoveView] {
        try check()
        return []
    }

    func change(_ change: TopologyChange, bytesPerSecond: UInt64) throws(RegistryError) -> [MoveView] {
        try check()
        return []
    }

    func forecast(_ change: TopologyChange) throws(RegistryError) -> LayoutForecast {
        try check()
        return LayoutForecast(moves: [], shards: [], bytes: 0)
    }

    func keep(_ order: KeepingOrder) throws(RegistryError) -> KeepingReport {
        try check()
        orders.append(order)
        return keeping
    }

    func rules(_ order: RulesOrder) throws(RegistryError) -> RulesReport {
        try check()
        ruleOrders.append(order)
        return rulesReport
    }

    func ruleFile(_ version: RuleSetVersion) throws(RegistryError) -> [UInt8]? {
        try check()
        return ruleFiles[version]
    }

    func status() -> ClusterStatus { clusterStatus }

    func events(after number: UInt64) -> [ClusterJournal.Entry] {
        [ClusterJournal.Entry(number: 1, at: 1_700_000_000_000, kind: .leading, subject: "c-1", text: "epoch 5")]
            .filter { $0.number > number }
    }

    static let healthy = ClusterStatus(
        leading: true,
        reason: "",
        epoch: Epoch(3),
        through: Sequence(41),
        rules: RuleSetVersion(digest: 7),
        inFlight: 2,
        shards: [.init(id: ShardID(0), slots: 4_096, status: .success(ShardStatus()))]
    )
}

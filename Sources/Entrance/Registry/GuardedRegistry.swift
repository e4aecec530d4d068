internal import Access
internal import Audit
public import Coordinator
public import Demographics
public import Identifiers
public import Identity
internal import Matching

/// The registry as one client may see and change it.
///
/// Every door asks through it, so that what is kept from a client is kept from it on every way: what may not be seen is
/// not there, what may not be told is left out of documents before anybody writes an answer from them.
public struct GuardedRegistry: Registering {
    private let inner: any Registering
    private let grant: Grant
    private let notes: AccessNotes?
    /// Whether documents are read in order to be changed: those that the client may write are then whole.
    private let isUpdating: Bool
    /// Remembers each group of writes by itself, for streams that have no end in sight; tells why it could not.
    private var recording: (@Sendable (AccessNotes) async -> String?)?

    /// Matches that are asked for, so that enough are left when those of others are taken out.
    private static let matchReserve = 100

    /// The registry as a grant shows it.
    public init(_ inner: any Registering, _ grant: Grant, _ notes: AccessNotes? = nil) {
        self.init(inner, grant, notes, isUpdating: false)
    }

    private init(_ inner: any Registering, _ grant: Grant, _ notes: AccessNotes?, isUpdating: Bool) {
        self.inner = inner
        self.grant = grant
        self.notes = notes
        self.isUpdating = isUpdating
    }

    /// The same with each group of writes remembered by itself.
    ///
    /// - Parameter recording: remembers; tells why it could not, and the writes are then not acknowledged.
    /// - Returns: the registry that does so.
    public func recording(_ recording: @escaping @Sendable (AccessNotes) async -> String?) -> GuardedRegistry {
        var registry = self
        registry.recording = recording
        return registry
    }

    /// The same for reading what is about to be changed: a record that the client may write is read as it is, so that
    /// nothing of it is lost when it is written back.
    public var forUpdate: GuardedRegistry { GuardedRegistry(inner, grant, notes, isUpdating: true) }

    // MARK: What is seen

    private func mayWrite(_ source: String) -> Bool { grant.writes.contains(source) }

    private func isVisible(_ key: RecordKey) -> Bool { grant.view != .own || mayWrite(key.source) }

    private func shown(_ record: StoredRecord) -> StoredRecord? {
        guard isVisible(record.key) else { return nil }
        guard grant.view == .identifiers, !(isUpdating && mayWrite(record.key.source)) else { return record }
        var record = record
        record.document = DocumentReduction.applied(to: record.document)
        return record
    }

    private func shown(_ record: StoredRecord?) -> StoredRecord? { record.flatMap { shown($0) } }

    private func shown(_ records: [StoredRecord]) -> [StoredRecord] {
        grant.view == .everything ? records : records.compactMap { shown($0) }
    }

    // MARK: Writes

    /// Stores or removes records of sources that the client may write; others are refused.
    public func submit(_ submissions: [Submission]) async -> [SubmissionOutcome] {
        let allowed = submissions.filter { mayWrite($0.record.key.source) }
        let done = allowed.isEmpty ? [] : await inner.submit(allowed)
        var outcomes: [SubmissionOutcome] = []
        if allowed.count == submissions.count {
            outcomes = done
        } else {
            var next = done.makeIterator()
            for submission in submissions {
                let isAllowed = mayWrite(submission.record.key.source)
                outcomes.append(
                    isAllowed
                        ? next.next() ?? .unavailable(reason: "no answer", retryAfterSeconds: 1) : .refused(.forbidden)
                )
            }
        }
        notes?.note(submissions, outcomes)
        if let recording {
            let own = AccessNotes()
            own.note(submissions, outcomes)
            if let reason = await recording(own) {
                return submissions.map { _ in .unavailable(reason: reason, retryAfterSeconds: 1) }
            }
        }
        return outcomes
    }

    /// Records a decision about records that the client may see.
    public func decide(_ decision: StewardDecision) async throws(RegistryError) -> [IdentityEvent] {
        if grant.view == .own {
            for id in [decision.pair.a, decision.pair.b] {
                guard let record = try await inner.record(id: id), isVisible(record.key) else {
                    throw .invalid("there is no such record")
                }
            }
        }
        let events = try await inner.decide(decision)
        notes?.note(decision, events)
        return events
    }

    // MARK: Reads

    /// Finds records that may be the same person, among those that the client may see.
    public func match(_ record: SourceRecord, limit: Int) async throws(RegistryError) -> MatchAnswer {
        var answer = try await inner.match(record, limit: grant.view == .own ? max(limit, Self.matchReserve) : limit)
        answer.matches = answer.matches.compactMap { match in
            guard let record = shown(match.record) else { return nil }
            var match = match
            match.record = record
            return match
        }
        answer.matches = Array(answer.matches.prefix(limit))
        notes?.note(rules: answer.rules.description)
        for match in answer.matches {
            var entity = AccessNotes.entity(match.record, "candidate: \(match.grade.rawValue)")
            entity.weight = match.weight.bits
            notes?.note(entity)
        }
        return answer
    }

    /// Reads a record by its key.
    public func record(_ key: RecordKey) async throws(RegistryError) -> StoredRecord? {
        let record = shown(try await inner.record(key))
        notes?.note(read: record, asked: key)
        return record
    }

    /// Reads a record by its address.
    public func record(id: RecordID) async throws(RegistryError) -> StoredRecord? {
        let record = shown(try await inner.record(id: id))
        notes?.note(read: record)
        return record
    }

    /// Reads a version of a record.
    public func record(id: RecordID, version: UInt32) async throws(RegistryError) -> StoredRecord? {
        let record = shown(try await inner.record(id: id, version: version))
        notes?.note(read: record)
        return record
    }

    /// Reads versions of a record.
    public func record(id: RecordID, versions: [UInt32]) async throws(RegistryError) -> [StoredRecord?] {
        let records = try await inner.record(id: id, versions: versions).map { shown($0) }
        for case let record? in records { notes?.note(read: record) }
        return records
    }

    /// Reads a person, with those of its records that the client may see; one that has none is not there.
    public func person(_ golden: GoldenID) async throws(RegistryError) -> PersonView? {
        shown(try await inner.person(golden))
    }

    /// Reads a person as it was, with those of its records that the client may see.
    public func person(_ golden: GoldenID, at time: UInt64) async throws(RegistryError) -> PersonView? {
        shown(try await inner.person(golden, at: time))
    }

    private func shown(_ person: PersonView?) -> PersonView? {
        guard var person else { return nil }
        let hadMembers = !person.members.isEmpty
        person.members = shown(person.members)
        if grant.view == .own, person.members.isEmpty || !hadMembers { return nil }
        for member in person.members { notes?.note(read: member) }
        return person
    }

    /// Reads what happened to a golden identifier, with the events of records that the client may see.
    public func history(of golden: GoldenID) async throws(RegistryError) -> ChangesPage {
        let page = try await inner.history(of: golden)
        guard grant.view == .own else { return page }
        return try await ChangeFilter(inner) { isVisible($0) }.applied(to: page)
    }

    /// Says why two records are or are not one person, where the client may see all of both.
    public func explain(_ first: RecordKey, _ second: RecordKey) async throws(RegistryError) -> ExplainAnswer? {
        guard grant.view != .identifiers, isVisible(first), isVisible(second) else { return nil }
        guard var answer = try await inner.explain(first, second) else { return nil }
        notes?.note(rules: answer.rules.description)
        notes?.note(read: answer.first, asked: first, "explained")
        notes?.note(read: answer.second, asked: second, "explained")
        if grant.view == .own {
            // What joined them may be others' records.
            answer.standing = nil
            answer.names = answer.names.filter { isVisible($0.value) }
        }
        return answer
    }

    /// Reads the change feed, with the events of records that the client may see.
    public func changes(after: Sequence, limit: Int) async throws(RegistryError) -> ChangesPage {
        let page = try await inner.changes(after: after, limit: limit)
        guard grant.view == .own else { return page }
        return try await ChangeFilter(inner) { isVisible($0) }.applied(to: page)
    }

    /// Where the change feed ends; that tells of nobody.
    public func latest() async throws(RegistryError) -> Sequence { try await inner.latest() }

    /// Lists open questions about records that the client may see.
    public func reviews(limit: Int) async throws(RegistryError) -> [ReviewItem] {
        let reviews = try await inner.reviews(limit: limit)
        guard grant.view == .own else { return reviews }
        var filter = ChangeFilter(inner) { isVisible($0) }
        var visible: [ReviewItem] = []
        for review in reviews where try await filter.isVisible(review.task.pair) { visible.append(review) }
        return visible
    }

    /// Reads the open questions about records, where the client may see both records of a question.
    public func reviews(about records: [RecordID]) async throws(RegistryError) -> [[ReviewItem]] {
        let found = try await inner.reviews(about: records)
        guard grant.view == .own else { return found }
        var filter = ChangeFilter(inner) { isVisible($0) }
        var visible: [[ReviewItem]] = []
        for reviews in found {
            var kept: [ReviewItem] = []
            for review in reviews where try await filter.isVisible(review.task.pair) { kept.append(review) }
            visible.append(kept)
        }
        return visible
    }

    /// Walks all live records that the client may see.
    public func links(after: RecordID?, limit: Int) async throws(RegistryError) -> LinksPage {
        var page = try await inner.links(after: after, limit: limit)
        if grant.view == .own { page.entries.removeAll { !isVisible($0.key) } }
        return page
    }

    /// Reads live records that are posted under keys.
    public func lookup(_ keys: [UInt64], after: RecordID?, limit: Int) async throws(RegistryError) -> RecordsPage {
        var page = try await inner.lookup(keys, after: after, limit: limit)
        page.records = shown(page.records)
        return page
    }

    /// Walks all live records with their documents.
    public func records(after: RecordID?, limit: Int) async throws(RegistryError) -> RecordsPage {
        var page = try await inner.records(after: after, limit: limit)
        page.records = shown(page.records)
        return page
    }

    /// Reads the other records of each record's person.
    public func companions(of records: [StoredRecord]) async throws(RegistryError) -> [[StoredRecord]] {
        try await inner.companions(of: records).map { shown($0) }
    }

    /// Says whether a system is known; that names nobody.
    public func knows(system: String) async throws(RegistryError) -> Bool { try await inner.knows(system: system) }

    // MARK: Stewards

    /// Whether the client may see every record of a list.
    private func isVisible(_ records: [RecordID]) async throws(RegistryError) -> Bool {
        guard grant.view == .own else { return true }
        for id in records {
            guard let record = try await inner.record(id: id), isVisible(record.key) else { return false }
        }
        return true
    }

    /// Carries a steward's order out, where it is about records that the client may see.
    public func rule(_ request: RulingRequest, storing former: Submission?) async throws(RegistryError) -> Ruling {
        guard try await isVisible(named(request.order)) else { throw .invalid("there is no such record") }
        let ruling = try await inner.rule(request, storing: former)
        notes?.note(ruling)
        return ruling
    }

    /// Says what an order would lead to, where it is about records that the client may see.
    public func preview(_ order: RulingOrder, by author: String) async throws(RegistryError) -> StewardPlan? {
        guard try await isVisible(named(order)) else { throw .invalid("there is no such record") }
        let plan = try await inner.preview(order, by: author)
        for move in plan?.moves ?? [] { notes?.note(AuditEntity(record: move.record.description, done: "previewed")) }
        return plan
    }

    private func named(_ order: RulingOrder) async throws(RegistryError) -> [RecordID] {
        switch order {
        case .persons(let order): order.records
        case .stated(_, let pair), .free(let pair): [pair.a, pair.b]
        case .release(let record), .reject(let record): [record]
        case .undo(let number), .approve(let number), .decline(let number):
            grant.view == .own ? try await inner.ruling(number)?.records ?? [] : []
        }
    }

    /// Reads a ruling about records that the client may see.
    public func ruling(_ number: UInt64) async throws(RegistryError) -> Ruling? {
        guard let ruling = try await inner.ruling(number), try await isVisible(ruling.records) else { return nil }
        return ruling
    }

    /// Reads rulings about records that the client may see.
    public func rulings(before: UInt64?, limit: Int) async throws(RegistryError) -> [Ruling] {
        guard grant.view == .own else { return try await inner.rulings(before: before, limit: limit) }
        var (visible, before): ([Ruling], UInt64?) = ([], before)
        while visible.isEmpty {
            let page = try await inner.rulings(before: before, limit: limit)
            guard let last = page.last else { break }
            for ruling in page where try await isVisible(ruling.records) { visible.append(ruling) }
            before = last.number
        }
        return visible
    }

    /// Lists updates of records that the client may see.
    public func held(limit: Int) async throws(RegistryError) -> [HeldUpdate] {
        var updates = try await inner.held(limit: limit)
        if grant.view == .own { updates.removeAll { !isVisible($0.key) } }
        guard grant.view == .identifiers else { return updates }
        for index in updates.indices {
            updates[index].document = DocumentReduction.applied(to: updates[index].document)
        }
        return updates
    }

    // MARK: Notes

    /// What is kept beside a record under this name tells of the people around a patient.
    private static let related = "related|"

    private func mayTouch(_ name: String) async throws(RegistryError) -> Bool {
        guard grant.view != .everything, name.hasPrefix(Self.related) else { return true }
        guard let id = RecordID(name.dropFirst(Self.related.count)), let record = try await inner.record(id: id) else {
            return true
        }
        return mayWrite(record.key.source) && (grant.view == .own || isUpdating)
    }

    /// Keeps a document beside the records.
    public func note(_ name: String, _ document: [UInt8]?) async throws(RegistryError) {
        if name.hasPrefix(Self.related), let id = RecordID(name.dropFirst(Self.related.count)),
            let record = try await inner.record(id: id), !mayWrite(record.key.source)
        {
            throw .invalid("this client may not write beside records of this source")
        }
        try await inner.note(name, document)
    }

    /// Reads a document that is kept beside the records.
    public func note(_ name: String) async throws(RegistryError) -> [UInt8]? {
        guard try await mayTouch(name) else { return nil }
        return try await inner.note(name)
    }

    /// Keeps a document under a name that is not taken yet.
    public func note(new name: String, _ document: [UInt8]) async throws(RegistryError) -> Bool {
        guard try await mayTouch(name) else {
            throw .invalid("this client may not write beside records of this source")
        }
        return try await inner.note(new: name, document)
    }

    /// Reads documents that are kept beside the records.
    public func notes(_ names: [String]) async throws(RegistryError) -> [[UInt8]?] {
        var found = try await inner.notes(names)
        for (index, name) in names.enumerated() where try await !mayTouch(name) { found[index] = nil }
        return found
    }

    /// What happened to the cluster; it tells of no patient.
    public func events(after number: UInt64) async -> [ClusterJournal.Entry] { await inner.events(after: number) }

    /// Moves of slots; they tell of no patient.
    public func moves() async throws(RegistryError) -> [MoveView] { try await inner.moves() }

    /// Changes the layout of the cluster; the route has asked whether the client operates it.
    public func change(_ change: TopologyChange, bytesPerSecond: UInt64) async throws(RegistryError) -> [MoveView] {
        try await inner.change(change, bytesPerSecond: bytesPerSecond)
    }

    /// Says what a change of the layout would lead to; the route has asked whether the client operates the cluster.
    public func forecast(_ change: TopologyChange) async throws(RegistryError) -> LayoutForecast {
        try await inner.forecast(change)
    }

    /// Makes backups and scrubs; the route has asked whether the client operates the cluster.
    public func keep(_ order: KeepingOrder) async throws(RegistryError) -> KeepingReport {
        try await inner.keep(order)
    }

    /// Changes the rules; the route has asked whether the client governs them.
    public func rules(_ order: RulesOrder) async throws(RegistryError) -> RulesReport {
        let report = try await inner.rules(order)
        switch order.action {
        case .activate(let version, _), .shadow(.some(let version)), .replay(let version, _, _),
            .refresh(let version, _):
            notes?.note(rules: version.description)
        case .report, .put, .rollBack, .pause, .shadow(nil): notes?.note(rules: report.deciding.description)
        }
        return report
    }

    /// Reads a rule set as a file.
    public func ruleFile(_ version: RuleSetVersion) async throws(RegistryError) -> [UInt8]? {
        notes?.note(rules: version.description)
        return try await inner.ruleFile(version)
    }

    /// Says how the cluster is.
    public func status() async -> ClusterStatus { await inner.status() }
}

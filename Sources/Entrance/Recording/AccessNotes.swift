public import Audit
internal import Coordinator
internal import Demographics
public import Identifiers
internal import Identity
internal import Locks

/// What one request touched, noted while it is answered, for the event that tells of it.
public final class AccessNotes: Sendable {
    private struct State {
        var entities: [AuditEntity] = []
        var seen: Set<String> = []
        var omitted = 0
        var rules = ""
        var subsumed: Set<String> = []
    }

    /// Records told in one event: a bundle of usual size with all of its entries.
    static let entityLimit = 1_024

    private let state = Mutex(State())

    /// Nothing yet.
    public init() {}

    /// The records that a message merged into others, as texts.
    public var subsumed: Set<String> { state.withLock { $0.subsumed } }

    /// A record that another one took the place of.
    public func note(subsumed key: RecordKey, _ id: RecordID) {
        state.withLock { state in
            state.subsumed.insert(id.description)
            // Whatever else was done with it, it is told by the identifier that was replaced.
            state.entities.removeAll { $0.record == id.description }
        }
        note(AuditEntity(source: key.source, value: key.value, record: id.description, done: "replaced"))
    }

    /// The same with some records only.
    public func only(_ records: Set<String>) -> AccessNotes { filtered { records.contains($0.record) } }

    /// The same without some records.
    public func without(_ records: Set<String>) -> AccessNotes { filtered { !records.contains($0.record) } }

    private func filtered(_ isKept: (AuditEntity) -> Bool) -> AccessNotes {
        let notes = AccessNotes()
        let (kept, rules) = (entities.0.filter(isKept), rules)
        notes.state.withLock { state in
            state.entities = kept
            state.rules = rules
        }
        return notes
    }

    /// What was touched, and how much more than is told.
    public var entities: ([AuditEntity], omitted: Int) { state.withLock { ($0.entities, $0.omitted) } }

    /// The rules that scored, where something was scored.
    public var rules: String { state.withLock { $0.rules } }

    func note(rules: String) { state.withLock { $0.rules = rules } }

    func note(_ entity: AuditEntity) {
        let name = "\(entity.done)|\(entity.record)|\(entity.source)|\(entity.value)|\(entity.version)"
        state.withLock { state in
            guard state.entities.count < Self.entityLimit else {
                state.omitted += 1
                return
            }
            guard state.seen.insert(name).inserted else { return }
            state.entities.append(entity)
        }
    }

    /// A record that was read; one that is not there, or not for this client, is told by its key.
    func note(read record: StoredRecord?, asked key: RecordKey? = nil, _ done: String = "read") {
        if let record {
            note(Self.entity(record, done))
        } else if let key {
            note(AuditEntity(source: key.source, value: key.value, done: "\(done): not found"))
        }
    }

    /// A version of a record that somebody was told of.
    public func note(told record: RecordID, version: UInt32) {
        note(AuditEntity(record: record.description, version: version, done: "told"))
    }

    static func entity(_ record: StoredRecord, _ done: String) -> AuditEntity {
        AuditEntity(
            source: record.key.source,
            value: record.key.value,
            record: record.id.description,
            golden: record.golden?.description ?? "",
            version: record.version,
            done: done
        )
    }

    /// What was read only in order to be written is told by what became of the write.
    private func forgetReading(of submissions: [Submission]) {
        state.withLock { state in
            guard state.entities.contains(where: { $0.done.hasPrefix("read") }) else { return }
            let written = Set(submissions.map(\.record.key))
            state.entities.removeAll { entity in
                entity.done.hasPrefix("read") && written.contains(RecordKey(source: entity.source, value: entity.value))
            }
        }
    }

    /// What became of writes.
    func note(_ submissions: [Submission], _ outcomes: [SubmissionOutcome]) {
        forgetReading(of: submissions)
        for (submission, outcome) in zip(submissions, outcomes) {
            let key = submission.record.key
            var entity = AuditEntity(source: key.source, value: key.value, record: key.id.description, done: "")
            switch outcome {
            case .stored(let stored):
                entity.done = stored.unchanged ? "unchanged" : stored.created ? "created" : "updated"
                entity.golden = stored.golden.description
                entity.version = stored.version
            case .held(let held):
                entity.done = "held"
                entity.golden = held.golden.description
                entity.version = held.version
            case .waiting: entity.done = "kept, not searched for"
            case .removed(_, let version):
                entity.done = "removed"
                entity.version = version
            case .refused: entity.done = "refused"
            case .unavailable: entity.done = "not done"
            }
            note(entity)
        }
    }

    /// A ruling: its records, and those that belong to another person since.
    func note(_ ruling: Ruling) {
        let word = ruling.kind == .link ? "must-link" : ruling.kind == .never ? "cannot-link" : "\(ruling.kind)"
        let entry = ruling.number == 0 ? "held already" : "ruling \(ruling.number), \(ruling.state)"
        let done = "\(word) (\(entry))"
        for id in ruling.records { note(AuditEntity(record: id.description, done: done)) }
        guard ruling.state == .standing else { return }
        for move in ruling.moves {
            note(AuditEntity(record: move.record.description, golden: move.to.description, done: "moved"))
        }
    }

    /// A decision about two records, and what it changed.
    func note(_ decision: StewardDecision, _ events: [IdentityEvent]) {
        let word = decision.kind == .mustLink ? "must-link" : "cannot-link"
        for id in [decision.pair.a, decision.pair.b] { note(AuditEntity(record: id.description, done: word)) }
        for event in events {
            switch event {
            case .personsMerged(let survivor, let retired):
                note(AuditEntity(golden: survivor.description, done: "survivor"))
                note(AuditEntity(golden: retired.description, done: "retired"))
            case .personSplit(let from, let new):
                note(AuditEntity(golden: from.description, done: "split"))
                note(AuditEntity(golden: new.description, done: "split off"))
            default: break
            }
        }
    }
}

import Bytes
import Demographics
import Identifiers
import Identity
import Lookup
import Matching

/// A write after decoding, normalising and keying: ready for a batch.
struct PreparedWrite: Sendable {
    /// In a box of its own: a write is handed on many times, and its parts are many.
    indirect enum Action: Sendable {
        case upsert(KeyedRecord, lookup: [UInt64], document: [UInt8])
        case delete
        case note(name: String, [UInt8]?)
        /// Rules; nothing of a record is stored.
        case rule(RulingRequest)
        case decide(StewardDecision.Kind?, RecordPair, by: String, comment: String)
        /// Posts records under keys of rules that are to follow; stays within the leader.
        case repost([Renewal])
        /// Decides records by rules that have changed; stays within the leader.
        case renew([Renewal], isForced: Bool)
    }

    /// The record written; for a decision the smaller record of the pair.
    var id: RecordID
    /// Empty for a decision.
    var key: RecordKey
    var action: Action
    var expectedVersion: UInt32?
    var mustBeNew = false
    var isReplaced = false
    /// A steward let it pass: it is not looked at for an overlay.
    var isVouched = false
    /// It was taken before it could be searched for, and is decided now; stays within the leader.
    var isRecheck = false
    /// The ruling by which a record is stored; `nil` where its source says so.
    var ruling: RulingRequest?
    /// The systems of its identifiers, so that it can be told which ones are known.
    var systems: [String] = []
    /// Keys of rules that are to follow.
    var waiting: [UInt64] = []
    /// The plan by which it was keyed; `nil` where that is not known.
    var stamp: RuleSetVersion?

    /// Whether an update has been carried out already, so that a client whose answer was lost may have it again: what
    /// it wanted to replace is the version before, and what it wanted stored is what is there (RFC 9110, section
    /// 13.1.1).
    func isRepeated(_ home: HomeRow, _ document: [UInt8]) -> Bool {
        guard let expectedVersion, ruling == nil, !mustBeNew, !home.deleted, home.key == key else { return false }
        return home.version == expectedVersion &+ 1 && home.document == document
    }

    /// Bytes that wait with the write.
    var size: Int {
        switch action {
        case .upsert(let keyed, _, let document): keyed.row.count + document.count + 128
        case .note(_, let bytes): (bytes?.count ?? 0) + 64
        case .delete, .decide: 64
        case .rule(let request): request.records.count * 8 + 512
        case .repost(let renewals), .renew(let renewals, _): renewals.reduce(0) { $0 + $1.bytes + 512 }
        }
    }
}

extension PreparedWrite {
    /// Keeps a document under a name.
    init(note name: String, _ document: [UInt8]?) {
        self.init(
            id: RecordID(KeyHash.hash(name)),
            key: RecordKey(source: "", value: ""),
            action: .note(name: name, document)
        )
    }

    /// Normalises and keys what a submission stores.
    init(_ submission: Submission, plan: RulePlan) {
        let key = submission.record.key
        let id = key.id
        var waiting: [UInt64] = []
        let action: Action
        switch submission.action {
        case .upsert:
            let normalised = NormalisedRecord(submission.record)
            let keyed = plan.active.key(id, normalised)
            waiting = plan.waiting(normalised, beside: keyed)
            action = .upsert(
                keyed,
                lookup: LookupKey.keys(of: submission.record),
                document: submission.document
            )
        case .delete:
            action = .delete
        }
        self.init(
            id: id,
            key: key,
            action: action,
            expectedVersion: submission.expectedVersion,
            mustBeNew: submission.mustBeNew
        )
        isReplaced = submission.isReplaced
        isVouched = submission.isVouched
        self.waiting = waiting
        stamp = plan.stamp
        systems = [key.source] + submission.record.identifiers.map(\.system)
    }
}

extension PreparedWrite {
    /// The same write keyed by a plan, where it was keyed by another and its document can be read.
    func keyed(
        by plan: RulePlan,
        reading: KeepingTools.Reading?
    ) -> PreparedWrite {
        guard case .upsert(_, let lookup, let document) = action, stamp != plan.stamp,
            let record = reading?(key, document)
        else { return self }
        let normalised = NormalisedRecord(record)
        let keyed = plan.active.key(id, normalised)
        var write = self
        write.waiting = plan.waiting(normalised, beside: keyed)
        write.action = .upsert(keyed, lookup: lookup, document: document)
        write.stamp = plan.stamp
        return write
    }
}

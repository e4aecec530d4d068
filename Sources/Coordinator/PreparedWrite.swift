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
    /// The ruling by which a record is stored; `nil` where its source says so.
    var ruling: RulingRequest?
    /// The systems of its identifiers, so that it can be told which ones are known.
    var systems: [String] = []

    /// Whether an update has been carried out already, so that a client whose answer was lost may have it again: what it
    /// wanted to replace is the version before, and what it wanted stored is what is there (RFC 9110, section 13.1.1).
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
        }
    }
}

extension PreparedWrite {
    /// Normalises and keys what a submission stores.
    init(_ submission: Submission, rules: RuleSet) {
        let key = submission.record.key
        let id = key.id
        let action: Action =
            switch submission.action {
            case .upsert:
                .upsert(
                    rules.key(id, NormalisedRecord(submission.record)),
                    lookup: LookupKey.keys(of: submission.record),
                    document: submission.document
                )
            case .delete:
                .delete
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
        systems = [key.source] + submission.record.identifiers.map(\.system)
    }
}

import Demographics
import Identifiers
import Lookup
import Matching

/// A stored record keyed by another plan than the one it was stored by.
struct Renewal: Sendable {
    /// The record by the rules that decide.
    var keyed: KeyedRecord
    /// Keys of the rules that are to follow.
    var waiting: [UInt64]
    /// Keys for looking up.
    var lookup: [UInt64]
    /// The write that stored what was read: a record that was written since is left alone.
    var seen: Sequence
    /// Bytes of the home row, which is written again.
    var bytes: Int

    var id: RecordID { keyed.id }

    /// Keys a stored record; `nil` where its document cannot be read.
    init?(
        _ id: RecordID,
        _ home: HomeRow,
        bytes: Int,
        plan: RulePlan,
        reading: (RecordKey, [UInt8]) -> SourceRecord?
    ) {
        guard let record = reading(home.key, home.document) else { return nil }
        let normalised = NormalisedRecord(record)
        keyed = plan.active.key(id, normalised)
        waiting = plan.waiting(normalised, beside: keyed)
        lookup = LookupKey.keys(of: record)
        seen = home.sequence
        self.bytes = bytes
    }

    /// The keys that a home row is to have.
    var keys: [BlockingKey] { HomeRow.keys(keyed, waiting: waiting, lookup: lookup) }
}

extension HomeRow {
    /// Tells the keys of rules that are to follow; stored in place of a rule's number.
    static let waitingRule: UInt8 = 0xFE

    /// All keys of a record: by which it is found as a candidate, by which it will be, by which it is looked up.
    static func keys(_ keyed: KeyedRecord, waiting: [UInt64], lookup: [UInt64]) -> [BlockingKey] {
        keyed.keys + waiting.map { BlockingKey(hash: $0, rule: waitingRule) }
            + lookup.map { BlockingKey(hash: $0, rule: LookupKey.rule) }
    }

    /// The keys of the rules that decided the record.
    var decidingKeys: [BlockingKey] { keys.filter { $0.rule != LookupKey.rule && $0.rule != HomeRow.waitingRule } }
}

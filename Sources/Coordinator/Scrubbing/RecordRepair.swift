import Demographics
import Identifiers
import Identity
import Lookup
import Matching
import ShardProtocol

/// Says what of a record does not fit its home row, and what would make it fit.
struct RecordRepair {
    /// What is wrong with a record.
    struct Finding {
        var text: String
        /// What mends it; empty where nothing here can.
        var writes: [RowWrite]
    }

    let rules: RuleSet
    /// Reads the record that a document tells of.
    let reading: (@Sendable (RecordKey, [UInt8]) -> SourceRecord?)?

    /// Compares.
    ///
    /// - Parameters:
    ///   - state: what is stored.
    ///   - hint: a link that another row says the record has, for one whose own is gone.
    ///   - tellsLinkless: whether to tell of a link that is gone and that nothing says more of.
    /// - Returns: what is wrong, in a fixed order; nothing where all fits.
    func findings(_ state: RecordState, hint: LinkRow? = nil, tellsLinkless: Bool = true) -> [Finding] {
        guard let home = state.home else { return orphan(state) }
        guard home.key.id == state.id else {
            return [Finding(text: "home row \(state.id) is that of another record", writes: [])]
        }
        if home.deleted { return removed(state) }
        let keyed = keyed(home, state.id)
        let links = hint == nil && state.link == nil && !tellsLinkless ? [] : link(state, home, keyed, hint)
        return postings(state, keyed) + features(state, keyed) + links + anchors(state)
    }

    /// What the document says, where it leads to the keys that the home row has.
    private func keyed(_ home: HomeRow, _ id: RecordID) -> KeyedRecord? {
        guard home.rules == rules.version, let record = reading?(home.key, home.document) else { return nil }
        let keyed = rules.key(id, NormalisedRecord(record))
        let own = home.decidingKeys
        return Set(own.map(\.hash)) == Set(keyed.keys.map(\.hash)) ? keyed : nil
    }

    private func orphan(_ state: RecordState) -> [Finding] {
        guard state.link?.golden != nil else { return [] }
        return [Finding(text: "record \(state.id) has a golden identifier and no home row", writes: [])]
    }

    private func removed(_ state: RecordState) -> [Finding] {
        guard state.link?.golden != nil else { return [] }
        return [Finding(text: "record \(state.id) is removed and has a golden identifier", writes: [])]
    }

    // MARK: What candidates are found by

    private func postings(_ state: RecordState, _ keyed: KeyedRecord?) -> [Finding] {
        guard let sketch = keyed?.sketch.bits ?? state.postings.lazy.compactMap(\.sketch).first else {
            guard !state.postings.isEmpty else { return [] }
            return [Finding(text: "record \(state.id) is posted nowhere; store it again", writes: [])]
        }
        return state.postings.filter { $0.sketch != sketch }.map { posting in
            let key = String(posting.key.hash, radix: 16)
            let fault = posting.sketch == nil ? "is not posted" : "is posted with another sketch"
            return Finding(
                text: "record \(state.id) \(fault) under key \(key) on \(posting.owner)",
                writes: [.post(key: posting.key.hash, sketch: sketch, record: state.id)]
            )
        }
    }

    private func features(_ state: RecordState, _ keyed: KeyedRecord?) -> [Finding] {
        guard let row = keyed?.row ?? state.features.lazy.compactMap(\.row).first else {
            guard !state.features.isEmpty else { return [] }
            return [Finding(text: "record \(state.id) has no feature row; store it again", writes: [])]
        }
        return state.features.filter { $0.row != row }.map { shard, found in
            let keys = state.postings.filter { $0.owner == shard && $0.key.rule != LookupKey.rule }.map(\.key.hash)
            return Finding(
                text: "record \(state.id) has \(found == nil ? "no" : "another") feature row on \(shard)",
                writes: [.feature(state.id, row: row, keys: keys)]
            )
        }
    }

    // MARK: Who it is

    private func link(_ state: RecordState, _ home: HomeRow, _ keyed: KeyedRecord?, _ hint: LinkRow?) -> [Finding] {
        switch state.link {
        case nil:
            let text = "record \(state.id) has no link"
            guard let hint = complete(hint, home, keyed) else { return [Finding(text: text, writes: [])] }
            return [Finding(text: text, writes: [.row(.link(state.id), hint.encoded())])]
        case .single: return []
        case .member(let place, let golden):
            guard let component = state.component else {
                return [Finding(text: "record \(state.id) is linked to component \(place), which is gone", writes: [])]
            }
            guard let member = component.member(state.id) else {
                let text = "record \(state.id) is linked to component \(place), which does not have it"
                return [Finding(text: text, writes: [])]
            }
            guard member.golden != golden else { return [] }
            let row = LinkRow.member(component: place, golden: member.golden)
            return [
                Finding(
                    text: "record \(state.id) is linked to another person than its component says",
                    writes: [.row(.link(state.id), row.encoded())]
                )
            ]
        }
    }

    /// A hint with the facts of the record, which the golden row that gave it does not have.
    private func complete(_ hint: LinkRow?, _ home: HomeRow, _ keyed: KeyedRecord?) -> LinkRow? {
        switch hint {
        case .single(let golden, _, _): keyed.map { .single(golden: golden, born: home.born, facts: $0.facts) }
        case .member, nil: hint
        }
    }

    private func anchors(_ state: RecordState) -> [Finding] {
        state.anchors.filter { $0.row != .anchored($0.record) }.map { golden, record, row in
            let fault = row == nil ? "has no row" : "is anchored elsewhere"
            return Finding(
                text: "golden identifier \(golden) of record \(record) \(fault)",
                writes: [.row(.golden(golden), GoldenRow.anchored(record).encoded())]
            )
        }
    }
}

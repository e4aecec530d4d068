import Identifiers
import Identity
import ShardProtocol

/// What the sequencer carries along while it decides one batch.
struct DecisionStep {
    let ticket: UInt64
    /// The last ticket whose writes the batch's snapshot is sure to show.
    let visible: UInt64
    let now: UInt64
    let first: Sequence
    let rows: [ReadRequest.Address: [UInt8]?]
    var outcomes: [WriteOutcome] = []
    var writes: [RowWrite] = []
    /// The last batch whose rows answered a write that changed nothing; 0 for none.
    var leansOn: UInt64 = 0

    init(ticket: UInt64, visible: UInt64, now: UInt64, first: Sequence, rows: [ReadRequest.Address: [UInt8]?]) {
        self.ticket = ticket
        self.visible = visible
        self.now = now
        self.first = first
        self.rows = rows
    }
}

/// A component as it was before a change.
struct Part {
    /// The key of its stored row; `nil` for a lone record, which has none.
    var stored: RecordID?
    var component: Component
}

/// The components that a change touches, each once.
struct Parts {
    private(set) var all: [Part] = []

    init(_ first: Part?) {
        if let first { all.append(first) }
    }

    /// Adds a component unless it is there.
    mutating func insert(_ part: Part) {
        guard let id = part.component.id, !all.contains(where: { $0.component.id == id }) else { return }
        all.append(part)
    }

    func contains(_ record: RecordID) -> Bool {
        all.contains { $0.component.member(record) != nil }
    }

    var components: [Component] { all.map(\.component) }
    var storedComponents: [RecordID] { all.compactMap(\.stored) }

    /// Where every record and golden identifier stood before.
    var standing: (links: [RecordID: LinkRow], anchors: [GoldenID: RecordID]) {
        var links: [RecordID: LinkRow] = [:]
        var anchors: [GoldenID: RecordID] = [:]
        for part in all {
            let single = part.stored == nil ? LinkRow(single: part.component) : nil
            for member in part.component.members {
                if let single {
                    links[member.record] = single
                } else if let id = part.stored {
                    links[member.record] = .member(component: id, golden: member.golden)
                }
            }
            for anchor in part.component.anchors { anchors[anchor.golden] = anchor.record }
        }
        return (links, anchors)
    }
}

extension LinkRow {
    /// The row of a component that needs no row of its own: one live record, one golden identifier, nothing else.
    init?(single component: Component) {
        guard component.members.count == 1, let member = component.members.first, !member.isAbsent,
            let golden = member.golden, component.anchors.count == 1, component.anchors.first?.golden == golden,
            component.edges.isEmpty, component.decisions.isEmpty, component.reviews.isEmpty
        else { return nil }
        self = .single(golden: golden, born: member.born, facts: member.facts)
    }
}

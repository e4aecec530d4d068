public import Identifiers
public import Identity
public import Matching
import ShardProtocol
public import Topology

/// Decides a bulk load into empty stores: the live path's own sequencer, told what it would have found.
///
/// On the live path candidates come from a search, and what is known of them from reads. Here the caller knows all
/// pairs already, and this keeps the few rows that a later record can ask for: links and components of records that
/// have a neighbour at all. What comes out are the live path's rows, so a cluster goes on from them as from its own.
public struct BulkSequencer {
    private let routing: Routing
    private var sequencer: Sequencer
    private var rows: [ReadRequest.Address: [UInt8]] = [:]
    private var pending: [RowWrite] = []
    /// The last write.
    public private(set) var last: Sequence = .zero

    /// Begins at the first write of a registry.
    ///
    /// - Parameters:
    ///   - rules: the rules under which the records are keyed and the pairs were scored.
    ///   - map: who stores what; with no move under way.
    public init(rules: RuleSet, map: ClusterMap) {
        precondition(map.moves.isEmpty, "a new cluster moves nothing")
        let width = 1 + (map.groups.map { Int($0.id.rawValue) }.max() ?? 0)
        routing = Routing(
            StoredMap(map: map, revision: 0),
            clients: [(any ShardClient)?](repeating: nil, count: width)
        )
        sequencer = Sequencer(plan: RulePlan(active: rules), after: .zero)
    }

    /// Decides the next record; each record comes once.
    ///
    /// - Parameters:
    ///   - record: the record.
    ///   - neighbours: the records decided before that it shares a key with, at or above the review threshold, in the
    ///     order of their ids.
    ///   - isAwaited: whether a later record has it for a neighbour.
    ///   - now: milliseconds since 1970.
    /// - Throws: `BulkError` where the records do not fit together; nothing of this one is kept then.
    public mutating func decide(
        _ record: BulkWrite,
        neighbours: [IdentityChange.Neighbour],
        isAwaited: Bool,
        at now: UInt64
    ) throws(BulkError) {
        // A batch of its own: what it finds of earlier records is what is given here, not what the window scores anew.
        let ticket = sequencer.open()
        let decided = sequencer.decide(
            [record.write],
            ticket: ticket,
            knowledge: Sequencer.Knowledge(candidates: [neighbours], rows: known(of: neighbours)),
            at: now
        )
        sequencer.close(ticket, last: decided.last)
        guard case .submission(.stored)? = decided.outcomes.first else {
            throw BulkError(record: record.id, reason: "\(decided.outcomes.first.map(String.init(describing:)) ?? "")")
        }
        last = max(last, decided.last)
        for case .row(let address, let value) in decided.writes {
            switch address.table {
            case .component: rows[address] = value
            case .link where isAwaited && address == .link(record.id) || rows[address] != nil: rows[address] = value
            default: break
            }
        }
        pending += decided.writes
    }

    /// What was decided since the last call, by shard; the operations are in the order in which they must be applied.
    public mutating func take() -> [(shard: ShardID, operations: [UInt8])] {
        let parts = RowRouter(routing: routing).route(pending).map { ($0.shard, $0.operations.bytes) }
        pending.removeAll(keepingCapacity: true)
        return parts
    }

    private func known(of neighbours: [IdentityChange.Neighbour]) -> [ReadRequest.Address: [UInt8]?] {
        var known: [ReadRequest.Address: [UInt8]?] = [:]
        for neighbour in neighbours {
            let address = ReadRequest.Address.link(neighbour.record)
            guard let link = rows[address] else { continue }
            known[address] = link
            guard case .member(let component, _)? = try? LinkRow(decoding: link) else { continue }
            known[.component(component)] = rows[.component(component)]
        }
        return known
    }
}

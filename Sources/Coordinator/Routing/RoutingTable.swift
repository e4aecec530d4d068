import Identifiers
import ShardProtocol
import Locks
import Topology

/// The routing that holds now; maps arrive from the control plane, older ones are ignored.
final class RoutingTable: Sendable {
    private struct State {
        var stored: StoredMap
        var clients: [(any ShardClient)?]
        var released: Set<UInt64> = []
        var routing: Routing
    }

    private let connect: @Sendable (ShardGroup) -> any ShardClient
    private let writesBoth: Bool
    private let state: Mutex<State>

    /// Starts with a map that need not be the current one.
    init(
        _ first: StoredMap,
        writesBoth: Bool = true,
        connect: @escaping @Sendable (ShardGroup) -> any ShardClient
    ) {
        self.connect = connect
        self.writesBoth = writesBoth
        let clients = Self.extend([], for: first.map, connect)
        let routing = Routing(first, clients: clients, writesBoth: writesBoth)
        state = Mutex(State(stored: first, clients: clients, routing: routing))
    }

    /// The routing to begin something with.
    var current: Routing { state.withLock { $0.routing } }

    /// Goes over to a map, unless a later one is known.
    func install(_ stored: StoredMap) {
        state.withLock { state in
            guard stored.revision > state.stored.revision else { return }
            state.stored = stored
            state.clients = Self.extend(state.clients, for: stored.map, connect)
            state.routing = route(state)
        }
    }

    /// Ends writing to the source of a move that was flipped.
    func release(_ move: UInt64) {
        state.withLock { state in
            state.released.insert(move)
            state.routing = route(state)
        }
    }

    private func route(_ state: State) -> Routing {
        Routing(state.stored, clients: state.clients, released: state.released, writesBoth: writesBoth)
    }

    /// The clients with those of new groups; one that is not in the map any more may still be in somebody's hands.
    private static func extend(
        _ clients: [(any ShardClient)?],
        for map: ClusterMap,
        _ connect: (ShardGroup) -> any ShardClient
    ) -> [(any ShardClient)?] {
        var clients = clients
        for group in map.groups {
            let place = Int(group.id.rawValue)
            while clients.count <= place { clients.append(nil) }
            if clients[place] == nil { clients[place] = connect(group) }
        }
        return clients
    }
}

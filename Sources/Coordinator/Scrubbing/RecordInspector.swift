import Identifiers
import Identity
import Lookup
import Matching
import ShardProtocol
import Topology

/// Reads everything that is stored of one record, from every shard that should have a part of it.
struct RecordInspector: Sendable {
    let fanOut: FanOut

    /// Reads it.
    ///
    /// - Throws: `ShardError`; rows that cannot be decoded are `.storage`, with the table and the key.
    func inspect(_ id: RecordID) async throws(ShardError) -> RecordState {
        var state = RecordState(id: id)
        let rows = try await fanOut.read([.home(id), .link(id)])
        state.home = try decoded(rows[.home(id)] ?? nil, .home, id.rawValue) { bytes throws(RowError) in
            try HomeRow(decoding: bytes)
        }
        state.link = try decoded(rows[.link(id)] ?? nil, .link, id.rawValue) { bytes throws(RowError) in
            try LinkRow(decoding: bytes)
        }
        if let home = state.home, !home.deleted { try await derived(home, &state) }
        try await standing(&state)
        return state
    }

    private func derived(_ home: HomeRow, _ state: inout RecordState) async throws(ShardError) {
        let routing = fanOut.routing
        var holders: Set<ShardID> = []
        for key in home.keys {
            let owner = routing.owner(ofHash: key.hash)
            let page = try await routing.client(owner).postings(
                PostingsRequest(from: key.hash, record: state.id, through: key.hash, limit: 1)
            )
            let found = page.rows.first.flatMap { $0.record == state.id && $0.key == key.hash ? $0.sketch : nil }
            state.postings.append(RecordState.Posting(key: key, owner: owner, sketch: found))
            if key.rule != LookupKey.rule { holders.insert(owner) }
        }
        let address = ReadRequest.Address(.feature, StoreKey(state.id.rawValue))
        for shard in holders.sorted() {
            let answer = try await routing.client(shard).read(ReadRequest(rows: [address]))
            state.features.append((shard, answer.values.first ?? nil))
        }
    }

    private func standing(_ state: inout RecordState) async throws(ShardError) {
        var anchors: [(GoldenID, RecordID)] = []
        switch state.link {
        case nil: return
        case .single(let golden, _, _): anchors = [(golden, state.id)]
        case .member(let place, _):
            let bytes = try await fanOut.read([.component(place)])[.component(place)] ?? nil
            state.component = try decoded(bytes, .component, place.rawValue) { bytes throws(RowError) in
                guard let component = try? RowReader.component(bytes) else { throw .malformed(.component) }
                return component
            }
            anchors = state.component?.anchors.map { ($0.golden, $0.record) } ?? []
        }
        let rows = try await fanOut.read(anchors.map { .golden($0.0) })
        for (golden, record) in anchors {
            let row = try decoded(rows[.golden(golden)] ?? nil, .golden, golden.rawValue) { bytes throws(RowError) in
                try GoldenRow(decoding: bytes)
            }
            state.anchors.append((golden, record, row))
        }
    }

    private func decoded<Row>(
        _ bytes: [UInt8]?,
        _ table: StoreTable,
        _ key: UInt64,
        _ decode: ([UInt8]) throws(RowError) -> Row
    ) throws(ShardError) -> Row? {
        guard let bytes else { return nil }
        do throws(RowError) {
            return try decode(bytes)
        } catch {
            throw .storage("\(error.text): key \(String(key, radix: 16)) of table \(table)")
        }
    }
}

import Identifiers
import Identity
import Lookup
import Matching
import ShardProtocol
import Topology

/// Reads everything that is stored of records, from every shard that should have a part of them.
///
/// However many records are asked for, a shard is asked five times at most: for home rows and links, for postings, for
/// feature rows, for components, for golden rows.
struct RecordInspector: Sendable {
    let fanOut: FanOut

    /// Reads it.
    ///
    /// - Parameter ids: records; a page of them, so that their home rows fit into one answer.
    /// - Returns: what there is, in the order of the records.
    /// - Throws: `ShardError` where a shard does not answer.
    func inspect(_ ids: [RecordID]) async throws(ShardError) -> [RecordState] {
        var states = ids.map { RecordState(id: $0) }
        let rows = try await fanOut.read(ids.flatMap { [.home($0), .link($0)] })
        for place in states.indices {
            let id = ids[place]
            states[place].home = decoded(rows[.home(id)] ?? nil, .home, id.rawValue, &states[place]) {
                bytes throws(RowError) in try HomeRow(decoding: bytes)
            }
            states[place].link = decoded(rows[.link(id)] ?? nil, .link, id.rawValue, &states[place]) {
                bytes throws(RowError) in try LinkRow(decoding: bytes)
            }
        }
        try await postings(&states)
        try await components(&states)
        try await anchors(&states)
        return states
    }

    /// What candidates are found by: a posting under each key, and a feature row on each shard that has one.
    private func postings(_ states: inout [RecordState]) async throws(ShardError) {
        let routing = fanOut.routing
        var places = [[StoreKey]](repeating: [], count: routing.width)
        var holders = [[Int]](repeating: [], count: routing.width)
        for (index, state) in states.enumerated() {
            guard let home = state.home, !home.deleted, state.fault == nil else { continue }
            for key in home.keys {
                let owner = routing.place(ofHash: key.hash)
                places[owner].append(StoreKey(key.hash, sub: state.id.rawValue))
                states[index].postings.append(
                    RecordState.Posting(key: key, owner: ShardID(UInt16(owner)), sketch: nil)
                )
                if key.rule != LookupKey.rule, holders[owner].last != index { holders[owner].append(index) }
            }
        }
        let sketches = try await sketches(places, routing)
        for (index, state) in states.enumerated() {
            for (number, posting) in state.postings.enumerated() {
                let place = StoreKey(posting.key.hash, sub: state.id.rawValue)
                states[index].postings[number].sketch = sketches[place]
            }
        }
        let requests = holders.map { holders in
            holders.isEmpty
                ? nil : ReadRequest(rows: holders.map { .init(.feature, StoreKey(states[$0].id.rawValue)) })
        }
        let answers = try await fanOut.ask(requests) { shard, request throws(ShardError) in
            try await routing.client(shard).read(request)
        }
        for (shard, answer) in answers {
            for (index, value) in zip(holders[shard], answer.values) {
                states[index].features.append((ShardID(UInt16(shard)), value))
            }
        }
    }

    /// The sketches of all that stands at some places, by shard.
    private func sketches(
        _ places: [[StoreKey]],
        _ routing: Routing
    ) async throws(ShardError) -> [StoreKey: SketchBits] {
        var found: [StoreKey: SketchBits] = [:]
        var start = 0
        while places.contains(where: { $0.count > start }) {
            let end = start + PostedRequest.limit
            let requests = places.map { all in
                all.count > start ? PostedRequest(places: Array(all[start..<min(end, all.count)])) : nil
            }
            let answers = try await fanOut.ask(requests) { shard, request throws(ShardError) in
                try await routing.client(shard).posted(request)
            }
            for (shard, answer) in answers {
                for (place, sketch) in zip(requests[shard]?.places ?? [], answer.sketches) { found[place] = sketch }
            }
            start = end
        }
        return found
    }

    private func components(_ states: inout [RecordState]) async throws(ShardError) {
        var wanted: Set<RecordID> = []
        for state in states where state.fault == nil {
            if let component = state.link?.component { wanted.insert(component) }
        }
        let rows = try await fanOut.read(wanted.sorted().map { .component($0) })
        for place in states.indices where states[place].fault == nil {
            guard let id = states[place].link?.component else { continue }
            states[place].component = decoded(rows[.component(id)] ?? nil, .component, id.rawValue, &states[place]) {
                bytes throws(RowError) in
                guard let component = try? RowReader.component(bytes) else { throw .malformed(.component) }
                return component
            }
        }
    }

    private func anchors(_ states: inout [RecordState]) async throws(ShardError) {
        let anchors = states.map { state -> [(golden: GoldenID, record: RecordID)] in
            switch state.link {
            case nil: []
            case .single(let golden, _, _): [(golden, state.id)]
            case .member: state.component?.anchors.map { ($0.golden, $0.record) } ?? []
            }
        }
        let wanted = Set(anchors.joined().map(\.golden)).sorted { $0.rawValue < $1.rawValue }
        let rows = try await fanOut.read(wanted.map { .golden($0) })
        for (place, own) in anchors.enumerated() {
            for (golden, record) in own {
                let row = decoded(rows[.golden(golden)] ?? nil, .golden, golden.rawValue, &states[place]) {
                    bytes throws(RowError) in try GoldenRow(decoding: bytes)
                }
                states[place].anchors.append((golden, record, row))
            }
        }
    }

    private func decoded<Row>(
        _ bytes: [UInt8]?,
        _ table: StoreTable,
        _ key: UInt64,
        _ state: inout RecordState,
        _ decode: ([UInt8]) throws(RowError) -> Row
    ) -> Row? {
        guard let bytes else { return nil }
        do throws(RowError) {
            return try decode(bytes)
        } catch {
            state.fault = state.fault ?? "\(error.text): key \(String(key, radix: 16)) of table \(table)"
            return nil
        }
    }
}

import Bytes
public import Identifiers
import Locks
import Matching
public import ShardProtocol

/// The dumb twin of a shard: dictionaries, every candidate scored, nothing clever and nothing durable.
///
/// What the real store does is held against it; and it serves as a shard where storage is not the question.
public final class TwinShard: ShardClient {
    private struct State {
        var rows: [ReadRequest.Address: [UInt8]] = [:]
        var blocks: [UInt64: [RecordID: SketchBits]] = [:]
        var rules: [RuleSetVersion: RuleSet] = [:]
        var epoch = Epoch(0)
        var number: UInt64 = 0
        var through = Identifiers.Sequence.zero
        var last = StorePosition.zero
        var previous = StorePosition.zero
        var operations: [UInt8] = []
        var damage: [String] = []
    }

    private let state = Mutex(State())

    private let planted: Set<StoreFault>

    /// Makes an empty shard, perhaps with faults for a test to find.
    public init(planted: Set<StoreFault> = []) { self.planted = planted }

    /// Answers at once.
    public func call(_ request: ShardRequest) async throws(ShardError) -> ShardAnswer {
        let result = state.withLock { state -> Result<ShardAnswer, ShardError> in
            do throws(ShardError) {
                return .success(try answer(request, &state))
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    /// Changes rows behind everybody's back, as a fault would: no epoch, no number.
    public func plant(_ operations: OperationWriter) {
        state.withLock { state in
            operations.bytes.withUnsafeBytes { bytes in
                var reader = OperationReader(bytes)
                while let operation = try? reader.next() { Self.apply(operation, &state) }
            }
        }
    }

    /// Finds its disk damaged; it still has everything.
    public func rot() { state.withLock { $0.damage = ["a page is not what was written"] } }

    /// All rows of a table, by key.
    public func rows(of table: StoreTable) -> [(key: StoreKey, value: [UInt8])] {
        state.withLock { state in
            state.rows.filter { $0.key.table == table }.map { ($0.key.key, $0.value) }.sorted { $0.key < $1.key }
        }
    }

    /// All postings, by key and record.
    public var postings: [(key: UInt64, record: RecordID, sketch: SketchBits)] {
        state.withLock { state in
            state.blocks.flatMap { key, block in block.map { (key, $0.key, $0.value) } }
                .sorted { ($0.0, $0.1) < ($1.0, $1.1) }
        }
    }

    private func answer(_ request: ShardRequest, _ state: inout State) throws(ShardError) -> ShardAnswer {
        switch request {
        case .candidates(let request): return .candidates(try Self.candidates(request, state))
        case .read(let request): return .read(ReadAnswer(values: request.rows.map { state.rows[$0] }))
        case .commit(let request):
            try commit(request, &state)
            return .committed
        case .scan(let request): return .scan(Self.scan(request, state))
        case .block(let request):
            let blocks = request.keys.map { key in
                let records = (state.blocks[key] ?? [:]).keys.filter { $0 >= request.from }.sorted()
                return BlockAnswer.Block(
                    records: Array(records.prefix(request.limit)),
                    isCut: records.count > request.limit
                )
            }
            return .block(BlockAnswer(blocks: blocks))
        case .install(let bytes):
            guard let rules = try? RuleSet(decoding: bytes) else { throw .badRequest("not a rule set") }
            state.rules[rules.version] = rules
            return .installed(rules.version)
        case .fence(let epoch):
            guard epoch >= state.epoch else { throw .staleEpoch(highest: state.epoch) }
            if epoch > state.epoch { (state.epoch, state.number) = (epoch, 0) }
            return .status(Self.status(state))
        case .status: return .status(Self.status(state))
        case .postings(let request): return .postings(Self.postings(request, state))
        case .posted(let request):
            return .posted(
                PostedAnswer(
                    sketches: request.places.map { place in
                        let one = PostingsRequest(
                            from: place.hash,
                            record: RecordID(place.sub),
                            through: place.hash,
                            limit: 1
                        )
                        return Self.postings(one, state).rows.first.flatMap { $0.place == place ? $0.sketch : nil }
                    }
                )
            )
        case .digest(let request): return .digest(Self.digests(request, state))
        case .tail(let isWhole):
            return .tail(
                TailAnswer(
                    position: StorePosition(state.epoch, state.number),
                    last: state.last,
                    previous: state.previous,
                    through: state.through,
                    operations: isWhole ? state.operations : []
                )
            )
        case .ruleSets:
            return .ruleSets(state.rules.values.sorted { $0.version.digest < $1.version.digest }.map { $0.encoded() })
        case .dropDamaged(let epoch):
            guard epoch >= state.epoch else { throw .staleEpoch(highest: state.epoch) }
            Self.dropDamaged(&state)
            return .status(Self.status(state))
        case .guarded(let least, let request):
            let position = StorePosition(state.epoch, state.number)
            guard position >= least else { throw .behind(at: position) }
            return try answer(request, &state)
        }
    }

    private static func status(_ state: State) -> ShardStatus {
        var status = ShardStatus()
        status.epoch = state.epoch
        status.through = state.through
        status.rules = state.rules.keys.sorted { $0.digest < $1.digest }
        status.damage = state.damage
        return status
    }

    /// Loses half of what it has, and its position.
    private static func dropDamaged(_ state: inout State) {
        guard !state.damage.isEmpty else { return }
        var left = State()
        left.rows = state.rows.filter { $0.key.key.hash % 2 == 0 }
        left.blocks = state.blocks.filter { $0.key % 2 == 0 }
        state = left
    }

    private func commit(_ request: CommitRequest, _ state: inout State) throws(ShardError) {
        guard request.epoch >= state.epoch || planted.contains(.acceptOldEpoch) else {
            throw .staleEpoch(highest: state.epoch)
        }
        if request.epoch > state.epoch { (state.epoch, state.number) = (request.epoch, 0) }
        let isOld = request.epoch < state.epoch
        guard isOld || request.number > state.number || planted.contains(.applyAgain) else { return }
        let applied = request.operations.withUnsafeBytes { bytes in
            var reader = OperationReader(bytes)
            do {
                while let operation = try reader.next() { Self.apply(operation, &state) }
                return true
            } catch {
                return false
            }
        }
        guard applied else { throw .badRequest("not operations") }
        state.number = isOld ? state.number : max(state.number, request.number)
        state.previous = state.last
        state.last = StorePosition(request.epoch, request.number)
        state.operations = request.operations
        state.through = max(state.through, request.through)
    }

    private static func apply(_ operation: StoreOperation, _ state: inout State) {
        switch operation {
        case .put(let table, let key, let value): state.rows[ReadRequest.Address(table, key)] = [UInt8](value)
        case .delete(let table, let key): state.rows[ReadRequest.Address(table, key)] = nil
        case .post(let key, let sketch, let record): state.blocks[key, default: [:]][record] = sketch
        case .unpost(let key, let record): state.blocks[key]?[record] = nil
        }
    }

    private static func candidates(
        _ request: CandidatesRequest,
        _ state: State
    ) throws(ShardError) -> CandidatesAnswer {
        guard let rules = state.rules[request.rules] else { throw .unknownRuleSet(request.rules) }
        var answer = CandidatesAnswer(found: [], cost: SearchCost())
        for query in request.queries {
            var found = CandidatesAnswer.Found()
            var seen: Set<RecordID> = []
            guard let prepared = try? PreparedQuery(query.row, sketch: Sketch(bits: query.sketch), rules: rules) else {
                throw .badRequest("not a feature row")
            }
            for key in query.keys {
                let block = (state.blocks[key] ?? [:]).sorted { $0.key < $1.key }
                if block.count > rules.blockLimit { found.cutKeys.append(key) }
                for (record, _) in block.prefix(rules.blockLimit) where record != query.exclude {
                    guard seen.insert(record).inserted,
                        let row = state.rows[ReadRequest.Address(.feature, StoreKey(record.rawValue))]
                    else { continue }
                    let weight = row.withUnsafeBytes { prepared.score($0) }
                    answer.cost.scored += 1
                    guard weight >= request.floor else { continue }
                    found.candidates.append(CandidatesAnswer.Candidate(record: record, weight: weight, key: key))
                }
            }
            found.candidates.sort { $0.record < $1.record }
            answer.found.append(found)
        }
        return answer
    }

    private static func scan(_ request: ScanRequest, _ state: State) -> ScanAnswer {
        let keys = state.rows.keys
            .filter { $0.table == request.table && $0.key >= request.from && $0.key.hash <= request.through }
            .map(\.key).sorted()
        let rows = keys.prefix(request.limit).compactMap { key in
            state.rows[ReadRequest.Address(request.table, key)].map { ScanAnswer.Row(key: key, value: $0) }
        }
        let next = keys.count > rows.count ? keys[rows.count] : nil
        return ScanAnswer(rows: rows, next: next)
    }

    private static func postings(_ request: PostingsRequest, _ state: State) -> PostingsAnswer {
        let start = StoreKey(request.from, sub: request.record.rawValue)
        let all = state.blocks.flatMap { key, block in
            block.map { PostingsAnswer.Row(key: key, record: $0.key, sketch: $0.value) }
        }
        let wanted = all.filter { $0.place >= start && $0.key <= request.through }.sorted { $0.place < $1.place }
        let rows = Array(wanted.prefix(request.limit))
        return PostingsAnswer(rows: rows, next: wanted.count > rows.count ? wanted[rows.count].place : nil)
    }

    private static func digests(_ request: DigestRequest, _ state: State) -> [SlotDigest] {
        var digests = [SlotDigest](repeating: SlotDigest(), count: request.slots.count)
        let first = Int(request.first.rawValue)
        func place(_ hash: UInt64) -> Int? {
            let place = Int(Slot(hash: hash).rawValue) - first
            return digests.indices.contains(place) ? place : nil
        }
        for (address, value) in state.rows where request.scope.holds(address.table) {
            guard let place = place(address.key.hash) else { continue }
            digests[place].add(address.table, address.key, value)
        }
        for (key, block) in state.blocks {
            guard let place = place(key) else { continue }
            for (record, sketch) in block {
                digests[place].add(PostingsAnswer.Row(key: key, record: record, sketch: sketch))
            }
        }
        return digests
    }
}

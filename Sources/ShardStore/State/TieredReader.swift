internal import Identifiers
internal import LMDB
internal import ShardProtocol

/// Reads snapshots of a `TieredState`.
final class TieredReader: StateReader {
    private let state: TieredState
    private var generation: TieredState.Generation?
    /// Readers of the generation's runs, the newest first.
    private var readers: [RunReader] = []
    private var views: [RunView] = []
    private var found: [PostingStream] = []
    private var chunks: [UnsafeRawBufferPointer] = []
    private var positions: [Int] = []
    private var merged: [Posting] = []
    private var isActive = false
    /// Rows of sealed runs that this snapshot has lent; `nil` without keys.
    private let opened: OpenedRows?
    /// Cache lines of a block that are fetched ahead: half of all blocks have one or two postings.
    private static let blockLines: UInt = 2
    /// Cache lines of a row that are fetched ahead: a feature row has two to four.
    private static let rowLines: UInt = 3

    init(_ state: TieredState) {
        self.state = state
        opened = state.vault.map { OpenedRows($0) }
    }

    func begin() throws(StoreError) {
        precondition(!isActive, "a snapshot is taken already")
        let newest = state.generation
        if newest !== generation {
            var fresh: [RunReader] = []
            for run in newest.runs {
                if let kept = readers.first(where: { $0.run === run }) {
                    fresh.append(kept)
                } else {
                    fresh.append(try RunReader(run))
                }
            }
            readers = fresh
            views = fresh.map(\.run.view)
            generation = newest
        }
        isActive = true
    }

    func end() {
        precondition(isActive, "no snapshot is taken")
        isActive = false
        opened?.forget()
    }

    func mark() throws(StoreError) -> StateMark { generation?.mark ?? StateMark() }

    func count(_ table: StateTable) throws(StoreError) -> UInt64 {
        readers.reduce(0) { $0 + $1.run.summary.rows[Int(table.rawValue)] }
    }

    func postingCount() throws(StoreError) -> UInt64 { readers.reduce(0) { $0 + $1.run.summary.postings } }

    func get(_ table: StateTable, _ key: StoreKey) throws(StoreError) -> UnsafeRawBufferPointer? {
        let hash = RunIndex.hash(table, key)
        for (number, view) in views.enumerated() {
            switch view.find(table, key, hash) {
            case .none: continue
            case .value(let value):
                guard view.isSealed else { return value }
                guard let text = try opened?.open(value, table, key) else { throw readers[number].run.damaged }
                return text
            case .removed: return nil
            case .damaged: throw readers[number].run.damaged
            }
        }
        return nil
    }

    func announce(blocks keys: [UInt64]) {
        let views = views
        for key in keys {
            let hash = RunIndex.hash(posting: key)
            for view in views { view.announce(hash) }
        }
    }

    func expect(blocks keys: [UInt64]) {
        let views = views
        for key in keys {
            let hash = RunIndex.hash(posting: key)
            for view in views { view.expect(hash, lines: TieredReader.blockLines) }
        }
    }

    func announce(_ table: StateTable, _ key: StoreKey) {
        let hash = RunIndex.hash(table, key)
        for view in views { view.announce(hash) }
    }

    func expect(_ table: StateTable, _ key: StoreKey) {
        let hash = RunIndex.hash(table, key)
        for view in views { view.expect(hash, lines: TieredReader.rowLines) }
    }

    func walk(
        _ table: StateTable,
        from key: StoreKey,
        _ body: (StoreKey, UnsafeRawBufferPointer) -> Bool
    ) throws(StoreError) {
        let rows = try RowMerge(readers, table, from: key)
        // A walk may pass the whole table: its rows are forgotten one by one.
        let walked = state.vault.map { OpenedRows($0) }
        while let row = try rows.next() {
            guard case .value(let value) = row.row else { continue }
            guard row.sealedUnder != nil else {
                guard body(row.key, value) else { return }
                continue
            }
            guard let text = try walked?.open(value, table, row.key) else {
                throw .damaged("a row of table \(table) is not what was sealed")
            }
            guard body(row.key, text) else { return }
            walked?.forget()
        }
    }

    func walkPostings(from key: UInt64, _ body: (PostingChange) -> Bool) throws(StoreError) {
        let streams = readers.map(\.postings)
        for stream in streams { try mapped { () throws(LMDBError) in try stream.seek(from: key) } }
        let postings = PostingMerge(streams)
        while let posting = try postings.next() {
            guard posting.isRemoved || body(posting) else { return }
        }
    }

    func newestChunks(_ key: UInt64, into chunks: inout [UnsafeRawBufferPointer]) throws(StoreError) -> Bool {
        let hash = RunIndex.hash(posting: key)
        for (number, view) in views.enumerated() {
            switch view.find(posting: key, hash) {
            case .none: continue
            case .chunk(let chunk): chunks.append(chunk)
            case .spread: return false
            case .damaged: throw readers[number].run.damaged
            }
        }
        return true
    }

    func block(_ key: UInt64, _ body: (UnsafeRawBufferPointer) -> Bool) throws(StoreError) {
        let hash = RunIndex.hash(posting: key)
        found.removeAll(keepingCapacity: true)
        chunks.removeAll(keepingCapacity: true)
        for reader in readers {
            switch reader.run.view.find(posting: key, hash) {
            case .none: continue
            case .chunk(let chunk): chunks.append(chunk)
            case .spread: break
            case .damaged: throw reader.run.damaged
            }
            found.append(reader.postings)
        }
        if chunks.count == found.count {
            // Nearly always: then the runs' own memory is read.
            if chunks.count > 1 {
                mergeChunks()
                _ = merged.withUnsafeBytes { body($0) }
            } else if let chunk = chunks.first {
                _ = body(chunk)
            }
            return
        }
        for stream in found { try mapped { () throws(LMDBError) in try stream.seek(key) } }
        try merge(body)
    }

    /// Merges chunks of several runs, each the whole block of its run, into one; the newest run's posting counts.
    private func mergeChunks() {
        merged.removeAll(keepingCapacity: true)
        positions.removeAll(keepingCapacity: true)
        for _ in chunks { positions.append(0) }
        while true {
            var least = UInt64.max
            var from = -1
            for (number, chunk) in chunks.enumerated() where positions[number] < PostingChunk.count(chunk) {
                let record = PostingChunk.record(chunk, positions[number])
                if from < 0 || record < least { (least, from) = (record, number) }
            }
            guard from >= 0 else { break }
            let sketch = PostingChunk.sketch(chunks[from], positions[from])
            merged.append(Posting(record: least.littleEndian, sketch: sketch.littleEndian))
            for (number, chunk) in chunks.enumerated()
            where positions[number] < PostingChunk.count(chunk)
                && PostingChunk.record(chunk, positions[number]) == least
            {
                positions[number] += 1
            }
        }
    }

    /// Lends the merged postings of several runs in chunks.
    private func merge(_ body: (UnsafeRawBufferPointer) -> Bool) throws(StoreError) {
        let postings = PostingMerge(found)
        var hasMore = !found.isEmpty
        while hasMore {
            merged.removeAll(keepingCapacity: true)
            while merged.count < PostingChunk.limit {
                guard let change = try postings.next() else {
                    hasMore = false
                    break
                }
                guard !change.isRemoved else { continue }
                merged.append(Posting(record: change.record.littleEndian, sketch: change.sketch.littleEndian))
            }
            // A posting in memory is laid out as a stored one is.
            guard merged.isEmpty || merged.withUnsafeBytes({ body($0) }) else { return }
        }
    }
}

internal import LMDB
internal import ShardProtocol

/// The content of several runs as one, of two values of a key the newer.
struct RunMerge: ChangeSource {
    private let readers: [RunReader]
    private let dropsRemovals: Bool
    /// The number of the key under which is written.
    private let wanted: UInt32?
    private let opened: OpenedRows?
    private var table = -1
    private var rows: RowMerge?
    private var postings: PostingMerge?

    /// Makes a source.
    ///
    /// - Parameters:
    ///   - runs: the newest first.
    ///   - dropsRemovals: whether nothing lies under these runs, so that nothing is left to be removed.
    ///   - wanted: the number of the key under which is written: what is sealed under it is passed on as it is.
    ///   - vault: the keys that what is sealed otherwise is opened with.
    /// - Throws: `StoreError` where a run cannot be read.
    init(
        _ runs: ArraySlice<Run>,
        dropsRemovals: Bool,
        wanted: UInt32? = nil,
        vault: Vault? = nil
    ) throws(StoreError) {
        self.wanted = wanted
        opened = vault.map { OpenedRows($0) }
        var readers: [RunReader] = []
        for run in runs { readers.append(try RunReader(run)) }
        self.readers = readers
        self.dropsRemovals = dropsRemovals
    }

    mutating func nextRow() throws(StoreError) -> RowChange? {
        while table < StateTable.allCases.count {
            while let row = try rows?.next() {
                switch row.row {
                case .value(let value): return try change(row.key, value, row.sealedUnder)
                case .removed: if !dropsRemovals { return RowChange(StateTable.allCases[table], row.key, nil) }
                }
            }
            table += 1
            guard table < StateTable.allCases.count else { break }
            rows = try RowMerge(readers, StateTable.allCases[table], from: StoreKey(0))
        }
        return nil
    }

    /// A row as it is to be written: sealed under the key that is wanted, or in clear.
    private func change(
        _ key: StoreKey,
        _ value: UnsafeRawBufferPointer,
        _ sealedUnder: UInt32?
    ) throws(StoreError) -> RowChange {
        let table = StateTable.allCases[self.table]
        guard let sealedUnder, sealedUnder != wanted else {
            return RowChange(table, key, value, sealedUnder: sealedUnder)
        }
        opened?.forget()
        guard let text = try opened?.open(value, table, key) else {
            throw .damaged("a row of table \(table) is not what was sealed")
        }
        return RowChange(table, key, text)
    }

    mutating func nextPosting() throws(StoreError) -> PostingChange? {
        if postings == nil {
            for reader in readers { try mapped { () throws(LMDBError) in try reader.postings.rewind() } }
            postings = PostingMerge(readers.map(\.postings))
        }
        while let change = try postings?.next() {
            if !change.isRemoved || !dropsRemovals { return change }
        }
        return nil
    }
}

/// Rows of one table in several runs in the order of keys, of each key the newest, removals included.
struct RowMerge {
    private let streams: [RowStream]

    /// Takes readers, the newest run's first.
    init(_ readers: [RunReader], _ table: StateTable, from key: StoreKey) throws(StoreError) {
        var streams: [RowStream] = []
        for reader in readers where reader.run.summary.rows[Int(table.rawValue)] > 0 {
            streams.append(try reader.rows(table, from: key))
        }
        self.streams = streams
    }

    /// The next row, valid as long as the readers.
    func next() throws(StoreError) -> (key: StoreKey, row: StoredValue.Row, sealedUnder: UInt32?)? {
        var first: (key: StoreKey, row: StoredValue.Row, sealedUnder: UInt32?)?
        for stream in streams {
            guard let key = stream.key else { continue }
            if let least = first, least.key <= key { continue }
            first = (key, stream.row, stream.sealedUnder)
        }
        guard let first else { return nil }
        do throws(LMDBError) {
            for stream in streams where stream.key == first.key { try stream.advance() }
        } catch {
            throw StoreError(error)
        }
        return first
    }
}

/// Posting changes of several runs in the order of keys and records, of each pair the newest, removals included.
struct PostingMerge {
    private let streams: [PostingStream]

    /// Takes streams that stand where reading begins, the newest run's first.
    init(_ streams: [PostingStream]) { self.streams = streams }

    func next() throws(StoreError) -> PostingChange? {
        var first: PostingChange?
        for stream in streams {
            guard let change = stream.current else { continue }
            if let least = first, (least.key, least.record) <= (change.key, change.record) { continue }
            first = change
        }
        guard let first else { return nil }
        do throws(LMDBError) {
            for stream in streams where stream.current?.record == first.record && stream.current?.key == first.key {
                try stream.advance()
            }
        } catch {
            throw StoreError(error)
        }
        return first
    }
}

internal import Bytes
internal import Glibc
internal import ShardProtocol

/// What a search asks of a run: its index and its file as plain addresses.
///
/// A search asks every run for every key; counting references for each question was a tenth of its time. Valid as long
/// as the `Run` that it belongs to.
struct RunView {
    let index: UnsafeRawBufferPointer
    let file: UnsafeRawBufferPointer
    /// Whether the values of its rows are sealed.
    let isSealed: Bool

    /// What a run says of a row.
    enum Row {
        /// Nothing.
        case none
        case value(UnsafeRawBufferPointer)
        case removed
        /// The file is damaged.
        case damaged
    }

    /// What a run says of a block of postings.
    enum Block {
        /// Nothing.
        case none
        /// All its postings in one chunk.
        case chunk(UnsafeRawBufferPointer)
        /// Several chunks, or removals: a `PostingStream` reads them.
        case spread
        /// The file is damaged.
        case damaged
    }

    /// Lines of the index that are asked for: a block of it lies across two lines of the cache, since LMDB's head of
    /// 16 bytes stands before it, and a key that its full block has no room for is in the next.
    private static let indexLines: UInt = 2

    /// Asks for the lines of the index in which a key is looked for.
    @inline(__always)
    func announce(_ hash: UInt64) {
        let line = UInt(RunIndex.line(hash, bytes: index.count))
        Prefetch.lines(RunView.indexLines, at: UInt(bitPattern: index.baseAddress) &+ line)
    }

    /// Asks for the first lines of the value that a key very likely has; after `announce`.
    @inline(__always)
    func expect(_ hash: UInt64, lines: UInt) {
        let offset = RunIndex.likely(hash, in: index)
        guard offset != 0 else { return }
        Prefetch.lines(lines, at: UInt(bitPattern: file.baseAddress) &+ UInt(offset))
    }

    /// Finds a row; `hash` is of `RunIndex`.
    @inline(__always)
    func find(_ table: StateTable, _ key: StoreKey, _ hash: UInt64) -> Row {
        let name = KeyBytes(key, in: table)
        switch RunIndex.find(hash, in: index, { place in name.withBytes { equals($0, place) } }) {
        case .none: return .none
        case .damaged: return .damaged
        case .place(let place):
            switch StoredValue.row(table, file, at: place.offset) {
            case .value(let value)?: return .value(value)
            case .removed?: return .removed
            case nil: return .damaged
            }
        }
    }

    /// Finds a block; `hash` is of `RunIndex`.
    @inline(__always)
    func find(posting key: UInt64, _ hash: UInt64) -> Block {
        let name = KeyBytes(hash: key)
        // A block without a place of its own may be another key's: the stream finds out.
        switch RunIndex.find(
            hash,
            in: index,
            { place in place.offset == 0 || name.withBytes { equals($0, place) } }
        ) {
        case .none: return .none
        case .damaged: return .damaged
        case .place(let place):
            if place.isSpread { return .spread }
            return StoredValue.chunk(file, at: place.offset).map { .chunk($0) } ?? .damaged
        }
    }

    @inline(__always)
    private func equals(_ key: UnsafeRawBufferPointer, _ place: RunIndex.Place) -> Bool {
        guard place.offset <= file.count - key.count, let start = file.baseAddress, let wanted = key.baseAddress
        else { return false }
        return memcmp(start + place.offset, wanted, key.count) == 0
    }
}

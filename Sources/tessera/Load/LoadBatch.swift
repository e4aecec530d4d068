/// Records that travel together: their lines one after another, and where each came from.
struct LoadBatch: Sendable, Equatable {
    /// One record of a batch.
    struct Entry: Sendable, Equatable {
        /// The file it was read from, by its place on the command line.
        let file: Int
        /// The line in that file, from 1.
        let line: Int
        /// The hash of the record's key: two versions of a record have the same.
        let key: UInt64
        /// Where its line ends in the bytes of the batch, the line end included.
        let end: Int
    }

    /// The lines, each with its line end.
    private(set) var bytes: [UInt8] = []
    /// The records in order.
    private(set) var entries: [Entry] = []

    var isEmpty: Bool { entries.isEmpty }

    /// Adds a record whose JSON holds no line ends.
    mutating func add(_ document: some Collection<UInt8>, file: Int, line: Int, key: UInt64) {
        bytes.append(contentsOf: document)
        bytes.append(0x0A)
        entries.append(Entry(file: file, line: line, key: key, end: bytes.count))
    }

    /// Adds a record of another batch.
    mutating func add(_ index: Int, of batch: LoadBatch) {
        let entry = batch.entries[index]
        bytes.append(contentsOf: batch.bytes[batch.range(of: index)])
        entries.append(Entry(file: entry.file, line: entry.line, key: entry.key, end: bytes.count))
    }

    /// The line of a record without its line end.
    func document(_ index: Int) -> ArraySlice<UInt8> { bytes[range(of: index)].dropLast() }

    /// The records from an index on.
    func suffix(from index: Int) -> LoadBatch {
        guard index > 0 else { return self }
        var rest = LoadBatch()
        for position in index..<entries.count { rest.add(position, of: self) }
        return rest
    }

    private func range(of index: Int) -> Range<Int> {
        (index == 0 ? 0 : entries[index - 1].end)..<entries[index].end
    }
}

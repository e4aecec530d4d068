import Identifiers
import ShardProtocol
import ShardStore

/// Reads snapshots of a `SortedState`.
final class SortedStateReader: StateReader {
    private let state: SortedState
    private var content: SortedState.Content?

    init(_ state: SortedState) { self.state = state }

    func begin() throws(StoreError) {
        precondition(content == nil, "a snapshot is taken already")
        content = state.snapshot
    }

    func end() {
        precondition(content != nil, "no snapshot is taken")
        content = nil
    }

    private var snapshot: SortedState.Content {
        guard let content else { preconditionFailure("no snapshot is taken") }
        return content
    }

    func mark() throws(StoreError) -> StateMark { snapshot.mark }

    func postingCount() throws(StoreError) -> UInt64 {
        UInt64(snapshot.blocks.reduce(0) { $0 + $1.postings.count })
    }

    func count(_ table: StateTable) throws(StoreError) -> UInt64 { UInt64(rows(table).count) }

    func get(_ table: StateTable, _ key: StoreKey) throws(StoreError) -> UnsafeRawBufferPointer? {
        let rows = rows(table)
        let index = lowerBound(rows, key)
        guard index < rows.count, rows[index].key == key else { return nil }
        return UnsafeRawBufferPointer(rows[index].value.bytes)
    }

    func walk(
        _ table: StateTable,
        from key: StoreKey,
        _ body: (StoreKey, UnsafeRawBufferPointer) -> Bool
    ) throws(StoreError) {
        let rows = rows(table)
        for row in rows[lowerBound(rows, key)...] {
            guard body(row.key, UnsafeRawBufferPointer(row.value.bytes)) else { return }
        }
    }

    func newestChunks(_ key: UInt64, into chunks: inout [UnsafeRawBufferPointer]) throws(StoreError) -> Bool { false }

    func block(_ key: UInt64, _ body: (UnsafeRawBufferPointer) -> Bool) throws(StoreError) {
        guard let block = snapshot.blocks.first(where: { $0.key == key }) else { return }
        var chunk: [UInt8] = []
        for posting in block.postings {
            withUnsafeBytes(of: posting.record.littleEndian) { chunk.append(contentsOf: $0) }
            withUnsafeBytes(of: posting.sketch.littleEndian) { chunk.append(contentsOf: $0) }
        }
        _ = chunk.withUnsafeBytes { body($0) }
    }

    func walkPostings(from key: UInt64, _ body: (PostingChange) -> Bool) throws(StoreError) {
        let blocks = snapshot.blocks
        var low = 0
        var high = blocks.count
        while low < high {
            let middle = (low + high) / 2
            if blocks[middle].key < key { low = middle + 1 } else { high = middle }
        }
        for block in blocks[low...] {
            for posting in block.postings {
                let change = PostingChange(
                    key: block.key,
                    record: posting.record,
                    sketch: posting.sketch,
                    isRemoved: false
                )
                guard body(change) else { return }
            }
        }
    }

    private func rows(_ table: StateTable) -> [(key: StoreKey, value: SortedState.Value)] {
        snapshot.rows[Int(table.rawValue)]
    }

    private func lowerBound(_ rows: [(key: StoreKey, value: SortedState.Value)], _ key: StoreKey) -> Int {
        var low = 0
        var high = rows.count
        while low < high {
            let middle = (low + high) / 2
            if rows[middle].key < key { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

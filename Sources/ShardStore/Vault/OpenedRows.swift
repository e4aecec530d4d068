internal import Bytes
internal import ShardProtocol

/// Memory for rows that were opened for one snapshot.
final class OpenedRows {
    /// A batch of queries opens some hundred feature rows of a few hundred bytes.
    private static let blockBytes = 256 << 10

    private let opener: Opener
    private var blocks: [UnsafeMutableRawBufferPointer] = []
    private var used = 0

    init(_ vault: Vault) { opener = Opener(vault) }

    deinit {
        for block in blocks { block.deallocate() }
    }

    /// Opens a row's value; what is lent is valid until `forget`.
    ///
    /// - Throws: `StoreError`.
    /// - Returns: `nil` where it is damaged.
    func open(
        _ value: UnsafeRawBufferPointer,
        _ table: StateTable,
        _ key: StoreKey
    ) throws(StoreError) -> UnsafeRawBufferPointer? {
        guard value.count >= SealedBytes.overhead else { return nil }
        let place = take(value.count - SealedBytes.overhead)
        let isSound = try KeyBytes(key, in: table).withBytes { key throws(StoreError) in
            try opener.open(value, .row(table), bound: key, into: place)
        }
        return isSound ? UnsafeRawBufferPointer(place) : nil
    }

    /// Gives back what was opened; the first block stays for the next snapshot.
    func forget() {
        while blocks.count > 1 { blocks.removeLast().deallocate() }
        if let first = blocks.first, first.count > OpenedRows.blockBytes { blocks.removeLast().deallocate() }
        used = 0
    }

    private func take(_ count: Int) -> UnsafeMutableRawBufferPointer {
        if let last = blocks.last, last.count - used >= count {
            defer { used += count }
            return UnsafeMutableRawBufferPointer(rebasing: last[used..<(used + count)])
        }
        let block = UnsafeMutableRawBufferPointer.allocate(
            byteCount: max(count, OpenedRows.blockBytes),
            alignment: 16
        )
        blocks.append(block)
        used = count
        return UnsafeMutableRawBufferPointer(rebasing: block[..<count])
    }
}

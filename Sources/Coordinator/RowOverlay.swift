import ShardProtocol

/// Rows that were decided but that a batch's snapshot of the shards may not show yet.
///
/// Each row carries the ticket of the batch that wrote it; it may be forgotten once that batch is durable and every
/// batch under way began after that.
struct RowOverlay {
    private struct Entry {
        var ticket: UInt64
        var value: [UInt8]?
    }

    private var entries: [ReadRequest.Address: Entry] = [:]
    private var written: [(ticket: UInt64, address: ReadRequest.Address)] = []
    private var forgotten = 0

    /// Rows held.
    var count: Int { entries.count }

    /// The latest value of a row: `.some(nil)` where it was deleted, `nil` where the overlay knows nothing.
    func value(_ address: ReadRequest.Address) -> [UInt8]?? {
        entries[address].map(\.value)
    }

    /// The batch that wrote a row; 0 where the overlay knows nothing of it.
    func ticket(_ address: ReadRequest.Address) -> UInt64 { entries[address]?.ticket ?? 0 }

    /// Notes a write; tickets never decrease.
    mutating func write(_ address: ReadRequest.Address, _ value: [UInt8]?, ticket: UInt64) {
        entries[address] = Entry(ticket: ticket, value: value)
        written.append((ticket, address))
    }

    /// Forgets what was written by tickets up to and including this one.
    mutating func forget(through ticket: UInt64) {
        while forgotten < written.count, written[forgotten].ticket <= ticket {
            if let place = entries.index(forKey: written[forgotten].address), entries.values[place].ticket <= ticket {
                entries.remove(at: place)
            }
            forgotten += 1
        }
        if forgotten > 4_096, forgotten * 2 > written.count {
            written.removeFirst(forgotten)
            forgotten = 0
        }
    }
}

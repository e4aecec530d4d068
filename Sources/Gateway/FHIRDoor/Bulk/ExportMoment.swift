internal import Coordinator
internal import Identifiers

/// What was at the moment of an export, among what was written since.
enum ExportMoment {
    /// Writes read at a time.
    static let page = 1_000

    /// The number of the last write before a moment, in milliseconds since 1970, found by halving.
    static func before(_ moment: Int64, _ end: UInt64, _ call: DoorCall) async throws(DoorFault) -> UInt64 {
        var (low, high): (UInt64, UInt64) = (0, end)
        while low < high {
            let middle = low + (high - low) / 2
            let page: ChangesPage
            do throws(RegistryError) {
                // When a write was says nothing of whom it was about.
                page = try await call.services.registry.changes(after: Sequence(middle), limit: 1)
            } catch {
                throw DoorFault(error)
            }
            if let first = page.entries.first, Int64(clamping: first.at) < moment {
                low = max(middle + 1, first.sequence.rawValue)
            } else {
                high = middle
            }
        }
        return min(low, end)
    }

    /// A record as it was at the last write of an export; `nil` where it was not there yet.
    static func version(
        _ record: StoredRecord,
        at end: UInt64,
        _ call: DoorCall
    ) async throws(DoorFault) -> StoredRecord? {
        try await call.ask { (registry) async throws(RegistryError) in
            try await registry.version(at: Sequence(end), of: record)
        }
    }

    /// The records that writes after one and up to another removed, each once, as the caller may know of them.
    static func removed(after start: UInt64, upTo end: UInt64?, _ call: DoorCall) async throws(DoorFault) -> [RecordID]
    {
        var seen: Set<RecordID> = []
        var removed: [RecordID] = []
        var after = Sequence(start)
        while true {
            let place = after
            let page = try await call.ask { (registry) async throws(RegistryError) in
                try await registry.changes(after: place, limit: Self.page)
            }
            for entry in page.entries where entry.sequence.rawValue <= end ?? .max {
                guard let record = entry.record, record.change == .removed, seen.insert(record.record).inserted else {
                    continue
                }
                removed.append(record.record)
            }
            guard page.more, page.next > after, page.next.rawValue < end ?? .max else { return removed }
            after = page.next
        }
    }
}

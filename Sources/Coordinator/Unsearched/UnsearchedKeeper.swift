import Identifiers
import Matching
import ShardProtocol

/// Sees to it that records that were taken unsearched are searched for as soon as every shard answers again.
struct UnsearchedKeeper: Sendable {
    /// Records that are searched for at once; others want to be served as well.
    private static let page = 64
    private static let scanPage = 1_024
    private static let unitBytes = 1 << 20

    let fanOut: FanOut
    let sequencer: LeaderSequencer
    let queue: WriteQueue
    let clock: any CoordinatorClock
    let pause: Duration
    let silent: SilentShards
    let planted: Set<PlantedFault>

    /// Looks for shards that went silent and for records that wait, until the task is cancelled.
    func run() async {
        // Rules that do not let records wait may have followed rules that did.
        if !fanOut.rules.takesUnsearched { await load() }
        while !Task.isCancelled {
            await clock.sleep(pause)
            let waiting = sequencer.unsearched.sorted()
            guard fanOut.rules.takesUnsearched || !waiting.isEmpty || !silent.known.isEmpty else { continue }
            guard await silent.look().isEmpty, !planted.contains(.skipRecheck) else { continue }
            var first = 0
            while first < waiting.count, !Task.isCancelled {
                let page = Array(waiting[first..<min(first + Self.page, waiting.count)])
                guard await search(page) else { break }
                first += page.count
            }
        }
    }

    private func load() async {
        while !Task.isCancelled {
            do throws(ShardError) {
                return sequencer.load(unsearched: try await Self.waiting(fanOut))
            } catch {
                await clock.sleep(pause)
            }
        }
    }

    /// Sends records the ordinary way, as the words of their sources that they are.
    ///
    /// - Returns: whether all were decided.
    private func search(_ records: [RecordID]) async -> Bool {
        guard let rows = try? await fanOut.read(records.map { .unsearched($0) }) else { return false }
        var writes: [PreparedWrite] = []
        for record in records {
            guard let bytes = rows[.unsearched(record)] ?? nil, let row = try? UnsearchedRow(decoding: bytes) else {
                // Decided by a batch that the sequencer has forgotten; a damaged row is for a scrub to tell of.
                sequencer.forget(unsearched: record)
                continue
            }
            var write = row.write
            write.isRecheck = true
            // Whoever looks like somebody else than what came in between is stored all the same: it was taken.
            write.isVouched = true
            // It was new when it was taken.
            write.mustBeNew = false
            write.expectedVersion = nil
            writes.append(write)
        }
        guard !writes.isEmpty else { return true }
        for outcome in await queue.submit(Self.units(writes), now: clock.milliseconds()) {
            if case .submission(.unavailable) = outcome { return false }
        }
        return true
    }

    /// Parts of no more bytes than fit a batch beside others.
    private static func units(_ writes: [PreparedWrite]) -> [[PreparedWrite]] {
        var units: [[PreparedWrite]] = []
        var bytes = 0
        for write in writes {
            if units.isEmpty || bytes + write.size > unitBytes {
                units.append([])
                bytes = 0
            }
            units[units.count - 1].append(write)
            bytes += write.size
        }
        return units
    }

    /// All records that wait, from the shards.
    static func waiting(_ fanOut: FanOut) async throws(ShardError) -> [RecordID] {
        let routing = fanOut.routing
        var found: [RecordID] = []
        for shard in routing.owningGroups {
            let client = try routing.client(shard)
            var next: StoreKey? = StoreKey(0)
            while let start = next {
                let answer = try await client.scan(
                    ScanRequest(table: .review, from: start, through: .max, limit: scanPage)
                )
                for row in answer.rows
                where routing.owner(of: row.key.slot) == shard && UnsearchedRow.isUnsearched(row.value) {
                    guard let row = try? UnsearchedRow(decoding: row.value) else { continue }
                    found.append(row.write.id)
                }
                next = answer.next
            }
        }
        return found
    }
}

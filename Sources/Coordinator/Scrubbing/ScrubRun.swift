import Demographics
import Identifiers
import Identity
import Lookup
import Matching
import ShardProtocol
import Topology

/// Looks through the whole registry once: holds what derives from home rows against them, and mends it.
///
/// Looking is free: what looks wrong may be on its way through the shards. Only what is still wrong while all writes
/// to it are watched is told of and mended: see DESIGN.md, "Scrubbing beside writes".
struct ScrubRun {
    private static let rowPage = 128
    private static let postingPage = 1_024
    /// Adjacent slots that are walked through at a time.
    private static let slotRun = 64
    /// How often a record that is written to again and again is looked at.
    private static let attempts = 5

    let fanOut: FanOut
    let commit: Commit
    let clock: any CoordinatorClock
    let repair: RecordRepair
    let mends: Bool
    let recordsPerSecond: UInt64
    let progress: ScrubProgress
    /// Records without a link that a component names.
    private let claimed = ClaimedRecords()

    init(
        fanOut: FanOut,
        commit: Commit,
        clock: any CoordinatorClock,
        repair: RecordRepair,
        mends: Bool,
        recordsPerSecond: UInt64,
        progress: ScrubProgress
    ) {
        self.fanOut = fanOut
        self.commit = commit
        self.clock = clock
        self.repair = repair
        self.mends = mends
        self.recordsPerSecond = recordsPerSecond
        self.progress = progress
    }

    private var inspector: RecordInspector { RecordInspector(fanOut: fanOut) }

    /// Looks at everything.
    func run() async throws(ShardError) {
        try await ranges { owner, first, last throws(ShardError) in
            try await look(owner, first, through: last)
            progress.change { $0.slotsDone = Int(Slot(hash: last).rawValue) + 1 }
        }
        // After all components: who is in one has no link of its own.
        try await ranges { owner, first, last throws(ShardError) in
            try await walk(.golden, owner, first, last) { rows throws(ShardError) in try await goldens(rows) }
        }
        for record in claimed.linkless.sorted() { try await examine(record, tellsLinkless: true) }
        try await featureRows()
        progress.change { $0.phase = .complete }
    }

    /// Goes through all slots in runs of one owner.
    private func ranges(
        _ take: (ShardID, UInt64, UInt64) async throws(ShardError) -> Void
    ) async throws(ShardError) {
        var slot = 0
        while slot < Slot.count {
            guard !Task.isCancelled else { throw .unavailable("this node does not lead any more") }
            let owners = fanOut.routing.map.owners
            var end = slot + 1
            while end < Slot.count, end - slot < Self.slotRun, owners[end] == owners[slot] { end += 1 }
            if let first = Slot(slot), let last = Slot(end - 1) {
                try await take(owners[slot], first.firstHash, last.lastHash)
            }
            slot = end
        }
    }

    private func look(_ owner: ShardID, _ first: UInt64, through: UInt64) async throws(ShardError) {
        try await walk(.home, owner, first, through) { rows throws(ShardError) in
            for row in rows { try await examine(RecordID(row.key.hash)) }
            progress.change { $0.records += UInt64(rows.count) }
            guard recordsPerSecond > 0 else { return }
            await clock.sleep(.microseconds(Int64(rows.count) * 1_000_000 / Int64(clamping: recordsPerSecond)))
        }
        try await walk(.component, owner, first, through) { rows throws(ShardError) in
            for row in rows { try await component(RecordID(row.key.hash), row.value) }
        }
        try await postings(owner, first, through: through)
    }

    private func walk(
        _ table: StoreTable,
        _ owner: ShardID,
        _ first: UInt64,
        _ through: UInt64,
        _ take: ([ScanAnswer.Row]) async throws(ShardError) -> Void
    ) async throws(ShardError) {
        var next: StoreKey? = StoreKey(first)
        while let start = next {
            let page = try await fanOut.routing.client(owner).scan(
                ScanRequest(table: table, from: start, through: through, limit: Self.rowPage)
            )
            try await take(page.rows)
            next = page.next
        }
    }

    // MARK: Records

    /// Looks at a record; looks again, with all writes to it watched, where something does not fit.
    private func examine(
        _ id: RecordID,
        hint: LinkRow? = nil,
        tellsLinkless: Bool = false
    ) async throws(ShardError) {
        let isWhole: Bool
        do throws(ShardError) {
            let state = try await inspector.inspect(id)
            // Who it is may be told by rows that come later.
            if state.isLinkless { claimed.linkless.insert(id) }
            isWhole = repair.findings(state, hint: hint, tellsLinkless: tellsLinkless).isEmpty
        } catch .storage(let text) {
            return progress.change { $0.note(text, isMended: false) }
        }
        guard !isWhole else { return }
        for _ in 0..<Self.attempts {
            let watch = await commit.gate.watch(0..<Slot.count)
            defer { commit.gate.unwatch(watch) }
            let findings: [RecordRepair.Finding]
            do throws(ShardError) {
                findings = repair.findings(try await inspector.inspect(id), hint: hint, tellsLinkless: tellsLinkless)
            } catch .storage(let text) {
                return progress.change { $0.note(text, isMended: false) }
            }
            if findings.isEmpty { return }
            let writes = mends ? findings.flatMap(\.writes) : []
            guard try await commit.mend(writes, of: id, watch) else { continue }
            progress.change { view in
                for finding in findings { view.note(finding.text, isMended: mends && !finding.writes.isEmpty) }
            }
            return
        }
    }

    /// Each member of a component has a link to it.
    private func component(_ id: RecordID, _ bytes: [UInt8]) async throws(ShardError) {
        guard let component = try? RowReader.component(bytes) else {
            return progress.change { $0.note("component \(id) is damaged", isMended: false) }
        }
        let links = try await fanOut.read(component.members.map { .link($0.record) })
        for member in component.members where (links[.link(member.record)] ?? nil) == nil {
            claimed.records.insert(member.record)
            try await examine(member.record, hint: .member(component: id, golden: member.golden))
        }
    }

    /// Each record that anchors a golden identifier has a link.
    private func goldens(_ rows: [ScanAnswer.Row]) async throws(ShardError) {
        var anchored: [(GoldenID, RecordID)] = []
        for row in rows {
            let golden = GoldenID(rawValue: row.key.hash)
            switch try? GoldenRow(decoding: row.value) {
            case .anchored(let record): anchored.append((golden, record))
            case .extinct: break
            case nil: progress.change { $0.note("row of golden identifier \(golden) is damaged", isMended: false) }
            }
        }
        let links = try await fanOut.read(anchored.map { .link($0.1) })
        for (golden, record) in anchored
        where (links[.link(record)] ?? nil) == nil && !claimed.records.contains(record) {
            try await examine(record, hint: .single(golden: golden, born: golden.birth, facts: GuardFacts()))
        }
    }

    // MARK: What belongs to no record

    private func postings(_ owner: ShardID, _ first: UInt64, through: UInt64) async throws(ShardError) {
        var next: StoreKey? = StoreKey(first)
        while let start = next {
            let page = try await fanOut.routing.client(owner).postings(
                PostingsRequest(
                    from: start.hash,
                    record: RecordID(start.sub),
                    through: through,
                    limit: Self.postingPage
                )
            )
            let homes = try await fanOut.read(Set(page.rows.map(\.record)).sorted().map { .home($0) })
            for row in page.rows where isStray(row.key, homes[.home(row.record)] ?? nil) {
                let key = String(row.key, radix: 16)
                try await remove(
                    "record \(row.record) is posted under key \(key) on \(owner), which it does not have",
                    row.record,
                    .unpost(key: row.key, record: row.record),
                    if: { () async throws(ShardError) in
                        let request = PostingsRequest(from: row.key, record: row.record, through: row.key, limit: 1)
                        return try await fanOut.routing.client(owner).postings(request).rows.first?.place == row.place
                    },
                    and: { isStray(row.key, $0) }
                )
            }
            next = page.next
        }
    }

    private func isStray(_ key: UInt64, _ bytes: [UInt8]?) -> Bool {
        guard let bytes else { return true }
        // A home row that cannot be read is told of elsewhere; what derives from it is kept.
        guard let home = try? HomeRow(decoding: bytes) else { return false }
        return !home.keys.contains { $0.hash == key }
    }

    private func featureRows() async throws(ShardError) {
        for shard in fanOut.routing.owningGroups {
            try await walk(.feature, shard, 0, .max) { rows throws(ShardError) in
                let homes = try await fanOut.read(rows.map { .home(RecordID($0.key.hash)) })
                for row in rows {
                    let id = RecordID(row.key.hash)
                    guard isStranger(shard, homes[.home(id)] ?? nil) else { continue }
                    // Removed under a key that this shard has, whichever it is: that is where the row lies.
                    guard let place = fanOut.routing.map.owners.firstIndex(of: shard).flatMap({ Slot($0) }) else {
                        continue
                    }
                    try await remove(
                        "record \(id) has a feature row on \(shard), which has none of its keys",
                        id,
                        .dropFeature(id, keys: [place.firstHash], keeping: []),
                        if: { () async throws(ShardError) in
                            let request = ReadRequest(rows: [ReadRequest.Address(.feature, row.key)])
                            return try await fanOut.routing.client(shard).read(request).values.first != .some(nil)
                        },
                        and: { isStranger(shard, $0) }
                    )
                }
            }
        }
    }

    private func isStranger(_ shard: ShardID, _ bytes: [UInt8]?) -> Bool {
        guard let bytes else { return true }
        guard let home = try? HomeRow(decoding: bytes) else { return false }
        let routing = fanOut.routing
        return !home.keys.contains { routing.writes($0.hash, to: shard) }
    }

    /// Removes what belongs to no record, if it still does not while writes are watched.
    private func remove(
        _ text: String,
        _ id: RecordID,
        _ write: RowWrite,
        if isThere: () async throws(ShardError) -> Bool,
        and isWrong: ([UInt8]?) -> Bool
    ) async throws(ShardError) {
        for _ in 0..<Self.attempts {
            let watch = await commit.gate.watch(0..<Slot.count)
            defer { commit.gate.unwatch(watch) }
            let home = try await fanOut.read([.home(id)])[.home(id)] ?? nil
            guard isWrong(home), try await isThere() else { return }
            guard try await commit.mend(mends ? [write] : [], of: id, watch) else { continue }
            return progress.change { $0.note(text, isMended: mends) }
        }
    }
}

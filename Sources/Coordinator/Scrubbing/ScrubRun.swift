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
        // First: while copies differ, what is read depends on which of them is asked.
        try await copies()
        try await ranges { owner, first, last throws(ShardError) in
            try await look(owner, first, through: last)
            progress.change { $0.slotsDone = Int(Slot(hash: last).rawValue) + 1 }
        }
        // After all components: who is in one has no link of its own.
        try await ranges { owner, first, last throws(ShardError) in
            try await walk(.golden, owner, first, last) { rows throws(ShardError) in try await goldens(rows) }
        }
        for record in claimed.linkless.sorted() { try await settle(record, tellsLinkless: true) }
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
            try await examine(rows.map { RecordID($0.key.hash) })
            progress.change { $0.records += UInt64(rows.count) }
            guard recordsPerSecond > 0 else { return }
            await clock.sleep(.microseconds(Int64(rows.count) * 1_000_000 / Int64(clamping: recordsPerSecond)))
        }
        try await walk(.component, owner, first, through) { rows throws(ShardError) in
            try await components(rows)
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

    // MARK: Copies

    /// Holds the copies of each shard against each other; one that differs is put out and comes back mended.
    private func copies() async throws(ShardError) {
        let routing = fanOut.routing
        for shard in routing.owningGroups {
            guard let group = try routing.client(shard) as? any ReplicatedClient else { continue }
            for one in try await group.compareCopies(mends: mends) {
                let first = one.slots.first.map { ", first \($0)" } ?? ""
                let text = "copy \(one.name) differs from the others of \(shard) in \(one.slots.count) slots\(first)"
                progress.change { $0.note(text, isMended: one.isMended) }
            }
        }
    }

    // MARK: Records

    /// Looks at a page of records, and closer at those where something does not fit.
    private func examine(_ ids: [RecordID]) async throws(ShardError) {
        for state in try await inspector.inspect(ids) {
            // Who it is may be told by rows that come later.
            if state.isLinkless { claimed.linkless.insert(state.id) }
            if let fault = state.fault {
                progress.change { $0.note(fault, isMended: false) }
            } else if !repair.findings(state, tellsLinkless: false).isEmpty {
                try await settle(state.id, tellsLinkless: false)
            }
        }
    }

    /// Looks at a record with all writes to it watched, and mends it where something does not fit.
    private func settle(_ id: RecordID, hint: LinkRow? = nil, tellsLinkless: Bool) async throws(ShardError) {
        for _ in 0..<Self.attempts {
            let watch = await commit.gate.watch(0..<Slot.count)
            defer { commit.gate.unwatch(watch) }
            guard let state = try await inspector.inspect([id]).first else { return }
            if let fault = state.fault { return progress.change { $0.note(fault, isMended: false) } }
            let findings = repair.findings(state, hint: hint, tellsLinkless: tellsLinkless)
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
    private func components(_ rows: [ScanAnswer.Row]) async throws(ShardError) {
        var members: [(component: RecordID, member: Component.Member)] = []
        for row in rows {
            let id = RecordID(row.key.hash)
            guard let component = try? RowReader.component(row.value) else {
                progress.change { $0.note("component \(id) is damaged", isMended: false) }
                continue
            }
            members += component.members.map { (id, $0) }
        }
        let links = try await fanOut.read(members.map { .link($0.member.record) })
        for (id, member) in members where (links[.link(member.record)] ?? nil) == nil {
            claimed.records.insert(member.record)
            let hint = LinkRow.member(component: id, golden: member.golden)
            try await settle(member.record, hint: hint, tellsLinkless: false)
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
            let hint = LinkRow.single(golden: golden, born: golden.birth, facts: GuardFacts())
            try await settle(record, hint: hint, tellsLinkless: false)
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

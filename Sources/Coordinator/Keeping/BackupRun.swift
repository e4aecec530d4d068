import Identifiers
import Matching
import ShardProtocol
import Topology

/// Makes one backup while the cluster takes writes: see DESIGN.md, "A cut through a running cluster".
struct BackupRun {
    /// Adjacent slots that are read by one walk through the tables: few enough to begin again lightly.
    private static let slotRun = 64
    /// How often shards that do not answer are asked again before a backup is given up.
    private static let attempts = 120
    /// How long the log rests between two looks at what came in.
    private static let followPause: Duration = .milliseconds(500)
    /// When what came in becomes a part of the backup: after so many bytes, or so much time in milliseconds.
    private static let extendBytes: UInt64 = 64 << 20
    private static let extendMilliseconds: UInt64 = 10_000

    let fanOut: FanOut
    let commit: Commit
    let epoch: Epoch
    let limits: CoordinatorLimits
    let clock: any CoordinatorClock
    let sink: any BackupSink
    let bytesPerSecond: UInt64
    let follows: Bool
    let progress: BackupProgress

    /// Copies, and then follows until it is stopped.
    func run() async throws(BackupFault) {
        let began = clock.milliseconds()
        let start = commit.tap.open()
        defer { commit.tap.close() }
        // Everything up to `start` is visible to whoever reads from here on.
        await commit.gate.settle()
        try await rules()
        var tally = Tally()
        var through = start
        var slot = 0
        while slot < Slot.count {
            let slots = try await copy(from: slot, &tally)
            slot = slots.upperBound
            progress.change { $0.slotsDone = slot }
            try await drain(&through)
        }
        let cut = try await close(from: through)
        try await sink.seal(
            BackupCut(
                epoch: epoch,
                start: start,
                cut: cut,
                rules: fanOut.rules.version,
                began: began,
                ended: clock.milliseconds(),
                rows: tally.rows,
                postings: tally.postings
            )
        )
        progress.change { view in
            (view.cut, view.through) = (cut, cut)
            view.phase = follows ? .following : .complete
        }
        if follows { try await follow(from: cut) }
    }

    /// What was read from the shards.
    private struct Tally {
        var rows: UInt64 = 0
        var postings: UInt64 = 0

        mutating func count(_ writes: [RowWrite]) {
            for write in writes {
                switch write {
                case .row: rows += 1
                case .post: postings += 1
                case .feature, .dropFeature, .unpost: break
                }
            }
        }
    }

    // MARK: Copying

    private func rules() async throws(BackupFault) {
        var seen: Set<[UInt8]> = []
        for shard in fanOut.routing.activeGroups {
            let sets: [[UInt8]]
            do throws(ShardError) {
                sets = try await fanOut.routing.client(shard).ruleSets()
            } catch {
                throw BackupFault(WritePath.words(error))
            }
            for rules in sets where seen.insert(rules).inserted {
                try await append(BackupFrame(.rules, content: rules))
            }
        }
    }

    /// Copies the slots of one owner from a slot on, a run of them.
    private func copy(from slot: Int, _ tally: inout Tally) async throws(BackupFault) -> Range<Int> {
        var attempt = 0
        while true {
            try goesOn()
            let routing = fanOut.routing
            let owners = routing.map.owners
            var end = slot + 1
            while end < Slot.count, end - slot < Self.slotRun, owners[end] == owners[slot] { end += 1 }
            var counts = Tally()
            let scan = BackupScan(
                fanOut: fanOut,
                routing: routing,
                owner: owners[slot],
                slots: slot..<end
            ) { writes throws(BackupFault) in
                counts.count(writes)
                try await self.take(writes)
            }
            do throws(BackupScan.Interruption) {
                try await scan.run()
                tally.rows += counts.rows
                tally.postings += counts.postings
                return slot..<end
            } catch {
                attempt += 1
                try await pause(after: error, attempt)
            }
        }
    }

    private func pause(after interruption: BackupScan.Interruption, _ attempt: Int) async throws(BackupFault) {
        switch interruption {
        case .moved: return
        case .fault(let fault): throw fault
        case .shard(.unavailable) where attempt < Self.attempts, .shard(.timeout) where attempt < Self.attempts:
            await clock.sleep(limits.retryPauseMost)
        case .shard(let error): throw BackupFault(WritePath.words(error))
        }
    }

    private func take(_ writes: [RowWrite]) async throws(BackupFault) {
        try goesOn()
        let content = RowWriteCoding.encode(writes)
        try await append(BackupFrame(.rows, content: content))
        guard bytesPerSecond > 0 else { return }
        await clock.sleep(.microseconds(Int64(content.count) * 1_000_000 / Int64(clamping: bytesPerSecond)))
    }

    private func goesOn() throws(BackupFault) {
        guard !Task.isCancelled else { throw BackupFault("this node does not lead any more") }
        guard !progress.isStopped else { throw BackupFault("it was given up") }
    }

    private func append(_ frame: BackupFrame) async throws(BackupFault) {
        try await sink.append(frame)
        progress.change { $0.bytes += UInt64(frame.content.count) }
    }

    // MARK: The cut

    /// Adds the batches that came in; says how far the backup reaches with them.
    private func drain(_ through: inout Sequence) async throws(BackupFault) {
        for batch in try commit.tap.take() {
            let content = RowWriteCoding.encode(batch.writes)
            try await append(BackupFrame(.batch, first: batch.first, last: batch.last, content: content))
            through = batch.last
        }
    }

    /// Waits for the last batch of which a copied row may tell, and adds all up to it.
    private func close(from drained: Sequence) async throws(BackupFault) -> Sequence {
        let seen = commit.lastSent
        // Whoever may still write to every shard is followed by nobody yet: the rows that were read are this term's.
        do throws(ShardError) {
            try await commit.mark(fanOut.routing.activeGroups)
        } catch {
            throw BackupFault(WritePath.words(error))
        }
        await commit.gate.settle()
        var through = drained
        while true {
            try await drain(&through)
            guard through < seen else { return through }
            try goesOn()
            await clock.sleep(limits.retryPause)
        }
    }

    // MARK: The log

    private func follow(from cut: Sequence) async throws(BackupFault) {
        var (through, written) = (cut, cut)
        var (bytes, since) = (progress.view.bytes, clock.milliseconds())
        while true {
            let isLast = progress.isStopped || Task.isCancelled
            try await drain(&through)
            let now = clock.milliseconds()
            let isDue = progress.view.bytes - bytes >= Self.extendBytes || now - since >= Self.extendMilliseconds
            if through > written, isLast || isDue {
                try await sink.extend(through: through)
                (written, bytes, since) = (through, progress.view.bytes, now)
                progress.change { $0.through = through }
            }
            if isLast { break }
            await clock.sleep(Self.followPause)
        }
        progress.change { $0.phase = .complete }
    }
}

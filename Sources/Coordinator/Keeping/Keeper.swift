import Identifiers
import Locks
import ShardProtocol

/// What a leader does besides writes, at an operator's word: backups and scrubs, one of each kind at a time.
///
/// It lives as long as the term: who leads next makes no backup go on, since it has not heard of every write.
final class Keeper: Sendable {
    private struct State {
        var backup: (BackupProgress, rate: UInt64, follows: Bool)?
        var isCopying = false
        var scrub: (ScrubProgress, mends: Bool, rate: UInt64)?
        var isScrubbing = false
    }

    /// How long it rests between two looks at what it was told.
    private static let pause: Duration = .milliseconds(100)

    private let fanOut: FanOut
    private let commit: Commit
    private let epoch: Epoch
    private let tools: KeepingTools
    private let limits: CoordinatorLimits
    private let clock: any CoordinatorClock
    private let state = Mutex(State())

    init(
        fanOut: FanOut,
        commit: Commit,
        epoch: Epoch,
        tools: KeepingTools,
        _ limits: CoordinatorLimits,
        _ clock: any CoordinatorClock
    ) {
        self.fanOut = fanOut
        self.commit = commit
        self.epoch = epoch
        self.tools = tools
        self.limits = limits
        self.clock = clock
    }

    /// Takes an order; returns at once, what it asks for is done by `run`.
    func take(_ order: KeepingOrder) async throws(RegistryError) -> KeepingReport {
        switch order {
        case .report: break
        case .backUp(let name, let rate, let follows): try await begin(name, rate, follows)
        case .stop(let name):
            let progress = state.withLock { $0.backup?.0 }
            guard let progress, progress.view.name == name, !progress.view.isOver else {
                throw .invalid("no backup is under way that is called \(name)")
            }
            progress.stop()
        case .scrub(let mends, let rate): try scrub(mends, rate)
        }
        return await report()
    }

    private func begin(_ name: String, _ rate: UInt64, _ follows: Bool) async throws(RegistryError) {
        guard let vault = tools.vault else {
            throw .invalid("no directory for backups is configured on the node that leads")
        }
        // Told now: as a backup that failed it would stand in the list for the one that is there.
        guard await !vault.complete().contains(where: { $0.name == name }) else {
            throw .invalid("there is a backup called \(name) already")
        }
        let view = BackupView(name: name, phase: .copying, began: clock.milliseconds())
        let rival = state.withLock { state -> String? in
            if let rival = state.backup?.0.view, !rival.isOver { return rival.name }
            state.backup = (BackupProgress(view), rate, follows)
            state.isCopying = false
            return nil
        }
        if let rival { throw .invalid("one backup at a time: \(rival) is under way") }
    }

    private func report() async -> KeepingReport {
        let (current, scrub) = state.withLock { ($0.backup?.0.view, $0.scrub?.0.view) }
        var backups = await tools.vault?.complete() ?? []
        if let current {
            backups.removeAll { $0.name == current.name }
            backups.insert(current, at: 0)
        }
        return KeepingReport(backups: backups, scrub: scrub)
    }

    private func scrub(_ mends: Bool, _ rate: UInt64) throws(RegistryError) {
        let isFree = state.withLock { state in
            if let scrub = state.scrub, scrub.0.view.phase == .running { return false }
            state.scrub = (ScrubProgress(), mends, rate)
            state.isScrubbing = false
            return true
        }
        if !isFree { throw .invalid("one scrub at a time") }
    }

    /// Carries out what it is told until the task is cancelled.
    func run() async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                while !Task.isCancelled {
                    if let (progress, rate, follows) = self.next() { await self.carry(progress, rate, follows) }
                    await self.clock.sleep(Self.pause)
                }
            }
            group.addTask {
                while !Task.isCancelled {
                    if let (progress, mends, rate) = self.nextScrub() { await self.look(progress, mends, rate) }
                    await self.clock.sleep(Self.pause)
                }
            }
            await group.waitForAll()
        }
    }

    private func nextScrub() -> (ScrubProgress, mends: Bool, rate: UInt64)? {
        state.withLock { state in
            guard !state.isScrubbing, let scrub = state.scrub, scrub.0.view.phase == .running else { return nil }
            state.isScrubbing = true
            return scrub
        }
    }

    private func look(_ progress: ScrubProgress, _ mends: Bool, _ rate: UInt64) async {
        let run = ScrubRun(
            fanOut: fanOut,
            commit: commit,
            clock: clock,
            repair: RecordRepair(rules: fanOut.rules, reading: tools.reading),
            mends: mends,
            recordsPerSecond: rate,
            progress: progress
        )
        do throws(ShardError) {
            try await run.run()
        } catch {
            progress.change { view in
                view.phase = .failed
                view.fault = WritePath.words(error)
            }
        }
    }

    private func next() -> (BackupProgress, rate: UInt64, follows: Bool)? {
        state.withLock { state in
            guard !state.isCopying, let backup = state.backup, !backup.0.view.isOver else { return nil }
            state.isCopying = true
            return backup
        }
    }

    private func carry(_ progress: BackupProgress, _ rate: UInt64, _ follows: Bool) async {
        guard let vault = tools.vault else { return }
        do throws(BackupFault) {
            let sink = try await vault.begin(progress.view.name)
            let run = BackupRun(
                fanOut: fanOut,
                commit: commit,
                epoch: epoch,
                limits: limits,
                clock: clock,
                sink: sink,
                bytesPerSecond: rate,
                follows: follows,
                progress: progress
            )
            do throws(BackupFault) {
                try await run.run()
            } catch {
                await sink.close()
                throw error
            }
            await sink.close()
        } catch {
            progress.change { view in
                // What was complete before stays so.
                view.phase = view.cut == .zero ? .failed : .complete
                view.fault = error.description
            }
        }
    }
}

extension BackupView {
    /// Whether nothing more is done about it.
    var isOver: Bool { phase == .complete || phase == .failed }
}

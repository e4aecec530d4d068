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
    }

    /// How long it rests between two looks at what it was told.
    private static let pause: Duration = .milliseconds(100)

    private let fanOut: FanOut
    private let commit: Commit
    private let epoch: Epoch
    private let vault: (any BackupVault)?
    private let limits: CoordinatorLimits
    private let clock: any CoordinatorClock
    private let state = Mutex(State())

    init(
        fanOut: FanOut,
        commit: Commit,
        epoch: Epoch,
        vault: (any BackupVault)?,
        _ limits: CoordinatorLimits,
        _ clock: any CoordinatorClock
    ) {
        self.fanOut = fanOut
        self.commit = commit
        self.epoch = epoch
        self.vault = vault
        self.limits = limits
        self.clock = clock
    }

    /// Takes an order; returns at once, what it asks for is done by `run`.
    func take(_ order: KeepingOrder) async throws(RegistryError) -> KeepingReport {
        switch order {
        case .report: break
        case .backUp(let name, let rate, let follows): try begin(name, rate, follows)
        case .stop(let name):
            let progress = state.withLock { $0.backup?.0 }
            guard let progress, progress.view.name == name, !progress.view.isOver else {
                throw .invalid("no backup is under way that is called \(name)")
            }
            progress.stop()
        case .scrub: throw .invalid("this version does not scrub")
        }
        return await report()
    }

    private func begin(_ name: String, _ rate: UInt64, _ follows: Bool) throws(RegistryError) {
        guard vault != nil else { throw .invalid("no directory for backups is configured on the node that leads") }
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
        let current = state.withLock { $0.backup?.0.view }
        var backups = await vault?.complete() ?? []
        if let current {
            backups.removeAll { $0.name == current.name }
            backups.insert(current, at: 0)
        }
        return KeepingReport(backups: backups)
    }

    /// Carries out what it is told until the task is cancelled.
    func run() async {
        while !Task.isCancelled {
            if let (progress, rate, follows) = next() { await carry(progress, rate, follows) }
            await clock.sleep(Self.pause)
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
        guard let vault else { return }
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

import Locks

/// Runs Swift tasks on the calling thread, one job at a time, in an order drawn from a seed.
///
/// Tasks started on it, their children and whatever resumes their continuations stay on it. So code written as plain
/// `async` runs the same way every time, as long as it neither sleeps by itself nor starts unstructured tasks.
public final class SteppingExecutor: TaskExecutor {
    private struct State {
        var jobs: [UnownedJob] = []
        var random: SimulationRandom
    }

    private let state: Mutex<State>

    /// Makes an executor whose order is drawn from a seed.
    public init(seed: UInt64) {
        state = Mutex(State(random: SimulationRandom(seed: seed)))
    }

    /// Takes a job; called by the concurrency runtime.
    public func enqueue(_ job: consuming ExecutorJob) {
        let unowned = UnownedJob(job)
        state.withLock { $0.jobs.append(unowned) }
    }

    /// Runs jobs until none is ready.
    ///
    /// - Returns: how many ran.
    public func drain() -> Int {
        var count = 0
        while let job = next() {
            job.runSynchronously(on: asUnownedTaskExecutor())
            count += 1
        }
        return count
    }

    private func next() -> UnownedJob? {
        state.withLock { state in
            guard !state.jobs.isEmpty else { return nil }
            let index = Int(state.random.next(below: UInt64(state.jobs.count)))
            return state.jobs.remove(at: index)
        }
    }
}

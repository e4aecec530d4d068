public import NIOCore

/// Carries tasks out on one event loop: those of short requests on their connection's.
///
/// Between a loop and the threads of the common pool each way costs a wake-up, about 50 us of CPU: for a look-up more
/// than all that it does.
public final class LoopExecutor: TaskExecutor {
    private let eventLoop: any EventLoop

    /// Carries tasks out on a loop.
    public init(_ eventLoop: any EventLoop) { self.eventLoop = eventLoop }

    /// Has a job carried out at the next tick of the loop.
    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        eventLoop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}

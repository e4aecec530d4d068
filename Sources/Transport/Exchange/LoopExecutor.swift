internal import NIOCore

/// Carries the tasks of short requests out on their connection's event loop.
///
/// Between a loop and the threads of the common pool each way costs a wake-up, about 50 us of CPU: for a look-up more
/// than all that it does.
final class LoopExecutor: TaskExecutor {
    private let eventLoop: any EventLoop

    init(_ eventLoop: any EventLoop) { self.eventLoop = eventLoop }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        eventLoop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}

internal import Dispatch
internal import Foundation
internal import Locks

/// Lets a command end in order when somebody presses Ctrl-C or asks it to terminate.
enum Interruption {
    private final class Flag: Sendable {
        let isRaised = Mutex(false)
    }

    /// Runs work that is cancelled at the first such signal; the second one ends the program at once.
    ///
    /// - Returns: what the work gave, and whether it was interrupted.
    static func guarding<Value: Sendable>(
        _ work: @escaping @Sendable () async throws -> Value
    ) async throws -> (value: Value, isInterrupted: Bool) {
        let flag = Flag()
        let task = Task { try await work() }
        let sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                flag.isRaised.withLock { $0 = true }
                signal(number, SIG_DFL)
                task.cancel()
            }
            source.resume()
            return source
        }
        defer {
            for source in sources { source.cancel() }
            signal(SIGINT, SIG_DFL)
            signal(SIGTERM, SIG_DFL)
        }
        let value = try await task.value
        return (value, flag.isRaised.withLock { $0 })
    }
}

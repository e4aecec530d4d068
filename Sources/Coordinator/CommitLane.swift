import Identifiers
import Locks
import ShardProtocol

/// The one way of writes to one shard: in order, one message under way, everything that waits goes into the next.
///
/// So a lone write travels at once and under load the messages grow by themselves.
final class CommitLane: Sendable {
    private struct Part {
        var operations: OperationWriter
        var through: Sequence
        var receipt: CommitReceipt
    }

    private struct State {
        var waiting: [Part] = []
        var idle: CheckedContinuation<Void, Never>?
        var ended: ShardError?
    }

    private let client: any ShardClient
    private let epoch: Epoch
    private let limits: CoordinatorLimits
    private let clock: any CoordinatorClock
    private let state = Mutex(State())

    init(client: any ShardClient, epoch: Epoch, limits: CoordinatorLimits, clock: any CoordinatorClock) {
        self.client = client
        self.epoch = epoch
        self.limits = limits
        self.clock = clock
    }

    /// Lines up a part; parts reach the shard in the order of these calls.
    ///
    /// - Parameters:
    ///   - operations: what to write.
    ///   - through: up to which sequence the shard has everything once this part is durable.
    ///   - receipt: told when the part is durable.
    func enqueue(_ operations: OperationWriter, through: Sequence, receipt: CommitReceipt) {
        let (idle, ended) = state.withLock { state -> (CheckedContinuation<Void, Never>?, ShardError?) in
            if let ended = state.ended { return (nil, ended) }
            state.waiting.append(Part(operations: operations, through: through, receipt: receipt))
            defer { state.idle = nil }
            return (state.idle, nil)
        }
        if let ended { receipt.fail(ended) }
        idle?.resume()
    }

    /// Carries parts to the shard until it is told to end.
    ///
    /// - Parameter mark: where recovery left the shard.
    /// - Throws: the error that no repetition can mend: an older epoch, a full disk, a broken store.
    func run(from mark: Recovery.Mark) async throws(ShardError) {
        var through = mark.through
        var number = mark.number
        while let parts = await next() {
            var operations = OperationWriter(capacity: 1 << 16)
            for part in parts {
                operations.append(part.operations)
                through = max(through, part.through)
            }
            // Only waiting behind what was there before: that is durable by now.
            guard operations.count > 0 else {
                for part in parts { part.receipt.fulfil() }
                continue
            }
            do throws(ShardError) {
                number += 1
                try await deliver(
                    CommitRequest(epoch: epoch, number: number, through: through, operations: operations.bytes)
                )
            } catch {
                end(error, failing: parts)
                throw error
            }
            for part in parts { part.receipt.fulfil() }
        }
    }

    /// Ends the lane; what waits is told so.
    func end(_ error: ShardError) { end(error, failing: []) }

    private func end(_ error: ShardError, failing parts: [Part]) {
        let (waiting, idle) = state.withLock { state -> ([Part], CheckedContinuation<Void, Never>?) in
            state.ended = state.ended ?? error
            defer {
                state.waiting = []
                state.idle = nil
            }
            return (state.waiting, state.idle)
        }
        for part in parts + waiting { part.receipt.fail(error) }
        idle?.resume()
    }

    /// What waits, as much as one message carries; `nil` when the lane has ended.
    private func next() async -> [Part]? {
        while true {
            let (parts, ended) = state.withLock { state -> ([Part], Bool) in
                var count = 0
                var bytes = 0
                while count < state.waiting.count {
                    bytes += state.waiting[count].operations.bytes.count
                    if count > 0, bytes > limits.commitBytes { break }
                    count += 1
                }
                let parts = Array(state.waiting.prefix(count))
                state.waiting.removeFirst(count)
                return (parts, state.ended != nil)
            }
            if ended { return nil }
            if !parts.isEmpty { return parts }
            await withCheckedContinuation { continuation in
                let resumeNow = state.withLock { state in
                    guard state.waiting.isEmpty, state.ended == nil else { return true }
                    state.idle = continuation
                    return false
                }
                if resumeNow { continuation.resume() }
            }
        }
    }

    /// Repeats the message until the shard answers: the writes are decided and must arrive.
    private func deliver(_ request: CommitRequest) async throws(ShardError) {
        var pause = limits.retryPause
        while true {
            do throws(ShardError) {
                return try await client.commit(request)
            } catch .unavailable, .timeout {
                if let ended = state.withLock({ $0.ended }) { throw ended }
                // A cancelled task cannot pause any more; what is decided is left to the next term's recovery.
                if Task.isCancelled { throw .unavailable("this node is stopping") }
                await clock.sleep(pause)
                pause = min(pause * 2, limits.retryPauseMost)
            }
        }
    }
}

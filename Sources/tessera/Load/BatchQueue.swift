internal import Locks

/// Hands batches from the one reader of the files to one lane; both wait, neither for ever after a cancellation.
final class BatchQueue: Sendable {
    private struct State {
        var batches: [LoadBatch] = []
        var hasEnded = false
        var isCancelled = false
        var producer: CheckedContinuation<Void, Never>?
        var consumer: CheckedContinuation<LoadBatch?, Never>?
    }

    private let capacity: Int
    private let state = Mutex(State())

    /// A queue that holds so many batches before the reader waits.
    init(capacity: Int) { self.capacity = capacity }

    /// Adds a batch; waits while the queue is full.
    func push(_ batch: LoadBatch) async {
        let consumer = state.withLock { state -> CheckedContinuation<LoadBatch?, Never>? in
            guard let consumer = state.consumer else {
                state.batches.append(batch)
                return nil
            }
            state.consumer = nil
            return consumer
        }
        if let consumer { return consumer.resume(returning: batch) }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let mayGoOn = state.withLock { state in
                    if state.batches.count < capacity || state.isCancelled { return true }
                    state.producer = continuation
                    return false
                }
                if mayGoOn { continuation.resume() }
            }
        } onCancel: {
            cancel()
        }
    }

    /// Says that nothing more comes.
    func end() {
        let consumer = state.withLock { state in
            state.hasEnded = true
            defer { state.consumer = nil }
            return state.consumer
        }
        consumer?.resume(returning: nil)
    }

    /// The next batch; `nil` at the end, and after a cancellation.
    func next() async -> LoadBatch? {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let (ready, producer) = take(continuation)
                producer?.resume()
                if let ready { continuation.resume(returning: ready) }
            }
        } onCancel: {
            cancel()
        }
    }

    /// A batch that is there, or `nil` in `nil` where the continuation has to wait.
    private func take(
        _ continuation: CheckedContinuation<LoadBatch?, Never>
    ) -> (LoadBatch??, CheckedContinuation<Void, Never>?) {
        state.withLock { state in
            guard state.batches.isEmpty else {
                defer { state.producer = nil }
                return (.some(state.batches.removeFirst()), state.producer)
            }
            if state.hasEnded || state.isCancelled { return (.some(nil), nil) }
            state.consumer = continuation
            return (nil, nil)
        }
    }

    private func cancel() {
        let (producer, consumer) = state.withLock { state in
            state.isCancelled = true
            defer {
                state.producer = nil
                state.consumer = nil
            }
            return (state.producer, state.consumer)
        }
        producer?.resume()
        consumer?.resume(returning: nil)
    }
}

import JSON
import Synchronization

/// The two directions of a bulk load without a wire.
final class FakeStream: Sendable {
    enum Failure: Error {
        case brokenOff
        case gone
    }

    private struct State {
        var chunks: [[UInt8]]
        var written: [UInt8] = []
        var writes = 0
        var failure: Failure?
        var waiting: CheckedContinuation<Void, Never>?
        var credits = 0
    }

    private let state: Mutex<State>
    private let breaksOff: Bool
    private let stopsReadingAfter: Int
    /// The next chunk is sent only when the result of the one before has come.
    private let isLockstep: Bool

    init(_ bytes: [UInt8], chunk: Int, breaksOff: Bool = false, stopsReadingAfter: Int = .max) {
        var chunks: [[UInt8]] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            chunks.append(Array(rest.prefix(chunk)))
            rest = rest.dropFirst(chunk)
        }
        state = Mutex(State(chunks: chunks))
        self.breaksOff = breaksOff
        self.stopsReadingAfter = stopsReadingAfter
        isLockstep = false
    }

    private init(lockstep chunks: [[UInt8]]) {
        state = Mutex(State(chunks: chunks, credits: 1))
        breaksOff = false
        stopsReadingAfter = .max
        isLockstep = true
    }

    static func lockstep(_ chunks: [[UInt8]]) -> FakeStream { FakeStream(lockstep: chunks) }

    var failure: Failure? {
        get { state.withLock { $0.failure } }
        set { state.withLock { $0.failure = newValue } }
    }

    /// The results in the order in which they were written.
    var results: [JSONValue] {
        let text = String(decoding: state.withLock { $0.written }, as: UTF8.self)
        return text.split(separator: "\n").map { (try? JSONValue(parsing: String($0))) ?? .null }
    }

    func read() async throws(Failure) -> [UInt8]? {
        if isLockstep { await waitForCredit() }
        let chunk = state.withLock { $0.chunks.isEmpty ? nil : $0.chunks.removeFirst() }
        if chunk == nil, breaksOff { throw .brokenOff }
        return chunk
    }

    func write(_ bytes: [UInt8]) async throws(Failure) {
        let (waiter, isGone) = state.withLock { state in
            state.writes += 1
            state.written.append(contentsOf: bytes)
            let waiter = state.waiting
            state.waiting = nil
            if waiter == nil { state.credits += 1 }
            return (waiter, state.writes > stopsReadingAfter)
        }
        waiter?.resume()
        if isGone { throw .gone }
    }

    private func waitForCredit() async {
        await withCheckedContinuation { continuation in
            let isFree = state.withLock { state in
                if state.credits > 0 || state.chunks.isEmpty {
                    state.credits = max(0, state.credits - 1)
                    return true
                }
                state.waiting = continuation
                return false
            }
            if isFree { continuation.resume() }
        }
    }
}

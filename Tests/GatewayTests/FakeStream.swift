import JSON

/// The two directions of a bulk load without a wire.
actor FakeStream {
    enum Failure: Error {
        case brokenOff
        case gone
    }

    private var chunks: ArraySlice<[UInt8]>
    private var written: [UInt8] = []
    private var writes = 0
    private var waiting: CheckedContinuation<Void, Never>?
    private var credits: Int
    private let breaksOff: Bool
    private let stopsReadingAfter: Int
    /// The next chunk is sent only when the result of the one before has come.
    private let isLockstep: Bool
    /// What the load ended with.
    private(set) var failure: Failure?

    init(_ bytes: [UInt8], chunk: Int, breaksOff: Bool = false, stopsReadingAfter: Int = .max) {
        chunks =
            stride(from: 0, to: bytes.count, by: chunk).map { Array(bytes[$0..<min($0 + chunk, bytes.count)]) }[...]
        credits = 0
        self.breaksOff = breaksOff
        self.stopsReadingAfter = stopsReadingAfter
        isLockstep = false
    }

    init(lockstep chunks: [[UInt8]]) {
        self.chunks = chunks[...]
        credits = 1
        breaksOff = false
        stopsReadingAfter = .max
        isLockstep = true
    }

    func end(with failure: Failure) { self.failure = failure }

    /// The results in the order in which they were written.
    var results: [JSONValue] {
        let text = String(decoding: written, as: UTF8.self)
        return text.split(separator: "\n").map { (try? JSONValue(parsing: String($0))) ?? .null }
    }

    func read() async throws(Failure) -> [UInt8]? {
        if isLockstep, !chunks.isEmpty { await waitForCredit() }
        if let chunk = chunks.popFirst() { return chunk }
        if breaksOff { throw .brokenOff }
        return nil
    }

    func write(_ bytes: [UInt8]) async throws(Failure) {
        writes += 1
        written.append(contentsOf: bytes)
        if let waiter = waiting {
            waiting = nil
            waiter.resume()
        } else {
            credits += 1
        }
        if writes > stopsReadingAfter { throw .gone }
    }

    private func waitForCredit() async {
        guard credits == 0 else {
            credits -= 1
            return
        }
        await withCheckedContinuation { waiting = $0 }
    }
}

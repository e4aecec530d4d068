import Locks

/// What concurrent requests report, under one lock: a microsecond at most, far below what is measured.
final class LoadTally: Sendable {
    /// Different failures told apart; the rest count together.
    static let failureKinds = 16

    /// Everything counted.
    struct Counts: Sendable {
        var latency = LatencyHistogram()
        var lateness = LatencyHistogram()
        var failed: UInt64 = 0
        var failures: [LoadResult.Failure] = []
        var outstanding = 0
        var highestOutstanding = 0
        var shed: UInt64 = 0
    }

    private let counts = Mutex(Counts())

    var snapshot: Counts { counts.withLock { $0 } }

    /// Takes a place among the outstanding requests.
    ///
    /// - Returns: false where there is none left; then the request counts as shed.
    func begin(limit: Int, isCounted: Bool) -> Bool {
        counts.withLock { counts in
            guard counts.outstanding < limit else {
                if isCounted { counts.shed += 1 }
                return false
            }
            counts.outstanding += 1
            counts.highestOutstanding = max(counts.highestOutstanding, counts.outstanding)
            return true
        }
    }

    func end(latency: Duration, lateness: Duration, failure: String?, isCounted: Bool) {
        counts.withLock { counts in
            counts.outstanding -= 1
            guard isCounted else { return }
            counts.lateness.record(lateness)
            guard let failure else {
                counts.latency.record(latency)
                return
            }
            counts.failed += 1
            LoadTally.count(failure, in: &counts.failures)
        }
    }

    private static func count(_ failure: String, in failures: inout [LoadResult.Failure]) {
        if let index = failures.firstIndex(where: { $0.message == failure }) {
            failures[index].count += 1
        } else if failures.count < failureKinds {
            failures.append(LoadResult.Failure(message: failure, count: 1))
        } else if let last = failures.indices.last {
            failures[last].message = "others"
            failures[last].count += 1
        }
    }
}

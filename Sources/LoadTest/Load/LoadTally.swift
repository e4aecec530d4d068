import Locks

/// What concurrent requests report, under one lock: a microsecond at most, far below what is measured.
final class LoadTally: Sendable {
    /// Different failures told apart; the rest count together.
    static let failureKinds = 16

    /// Everything counted.
    struct Counts: Sendable {
        var kinds: [RequestKind: PhaseResult.Kind] = [:]
        var lateness = LatencyHistogram()
        var failures: [PhaseResult.Failure] = []
        var outstanding = 0
        var highestOutstanding = 0
    }

    /// What became of one request; times are from the beginning of the phase.
    struct Outcome: Sendable {
        var kind: RequestKind
        var due: Duration
        var sent: Duration
        var answered: Duration
        var result: Result<Int, LoadFailure>
    }

    private let counts = Mutex(Counts())
    private let interval: Duration

    init(interval: Duration) { self.interval = interval }

    var snapshot: Counts { counts.withLock { $0 } }

    /// Takes a place among the outstanding requests.
    ///
    /// - Returns: false where there is none left; then the request counts as shed.
    func begin(_ kind: RequestKind, due: Duration, limit: Int) -> Bool {
        counts.withLock { counts in
            guard counts.outstanding < limit else {
                counts.kinds[kind, default: .init()].shed += 1
                counts.kinds[kind, default: .init()].intervals[number(due), default: .init()].shed += 1
                return false
            }
            counts.outstanding += 1
            counts.highestOutstanding = max(counts.highestOutstanding, counts.outstanding)
            return true
        }
    }

    func end(_ outcome: Outcome) {
        let number = number(outcome.due)
        let end = self.number(outcome.answered)
        counts.withLock { counts in
            counts.outstanding -= 1
            counts.lateness.record(outcome.sent - outcome.due)
            switch outcome.result {
            case .success(let records):
                let latency = outcome.answered - outcome.due
                let service = outcome.answered - outcome.sent
                LoadTally.update(&counts.kinds[outcome.kind, default: .init()]) { kind in
                    kind.latency.record(latency)
                    kind.service.record(service)
                    kind.records += UInt64(records)
                    kind.intervals[number, default: .init()].latency.record(latency)
                    kind.intervals[end, default: .init()].completed += 1
                    kind.intervals[end, default: .init()].records += records
                }
            case .failure(let failure):
                LoadTally.update(&counts.kinds[outcome.kind, default: .init()]) { kind in
                    kind.failed += 1
                    kind.intervals[number, default: .init()].failed += 1
                }
                LoadTally.count(failure.message, in: &counts.failures)
            }
        }
    }

    /// In place: a copy of a histogram for every answer would cost more than the answer.
    private static func update(_ kind: inout PhaseResult.Kind, _ change: (inout PhaseResult.Kind) -> Void) {
        change(&kind)
    }

    private func number(_ moment: Duration) -> Int { max(0, Int(moment / interval)) }

    private static func count(_ failure: String, in failures: inout [PhaseResult.Failure]) {
        if let index = failures.firstIndex(where: { $0.message == failure }) {
            failures[index].count += 1
        } else if failures.count < failureKinds {
            failures.append(PhaseResult.Failure(message: failure, count: 1))
        } else if let last = failures.indices.last {
            failures[last].message = "others"
            failures[last].count += 1
        }
    }
}

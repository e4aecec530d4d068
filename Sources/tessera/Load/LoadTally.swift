internal import Locks

/// Counts what became of the records of a load, over all lanes.
final class LoadTally: Sendable {
    /// The counts so far.
    struct Counts: Sendable, Equatable {
        /// Records read from the files, faulty lines not among them.
        var read = 0
        /// Bytes of the files used, as they lie on the disk.
        var bytesRead = 0
        /// Records that the registry holds durably.
        var acknowledged = 0
        /// Those of them that it did not have before.
        var created = 0
        /// Times a record had to be sent again.
        var retried = 0
        /// Records and lines that were not stored.
        var rejected = 0
    }

    /// How long it took until a number of records was acknowledged.
    struct Mark: Sendable, Equatable {
        let records: Int
        let seconds: Double
    }

    private struct State {
        var counts = Counts()
        var marks: [Mark] = []
        var failure: CommandFailure?
    }

    /// Records between two marks.
    static let markRecords = 100_000

    private let start: ContinuousClock.Instant
    private let rejects: RejectsSink
    private let state = Mutex(State())

    /// A tally that begins now.
    init(start: ContinuousClock.Instant, rejects: RejectsSink) {
        self.start = start
        self.rejects = rejects
    }

    /// The counts so far.
    var counts: Counts { state.withLock { $0.counts } }

    /// When each 100,000th record was acknowledged.
    var marks: [Mark] { state.withLock { $0.marks } }

    /// Time since the start.
    var seconds: Double { start.duration(to: ContinuousClock().now) / .seconds(1) }

    /// Why rejects could not be kept; `nil` where they could.
    var failure: CommandFailure? { state.withLock { $0.failure } }

    /// Notes how far the reader is.
    func read(records: Int, bytes: Int) {
        state.withLock {
            $0.counts.read += records
            $0.counts.bytesRead = bytes
        }
    }

    /// Adds what a lane learned.
    func add(_ report: LaneReport) {
        let seconds = seconds
        state.withLock { state in
            let before = state.counts.acknowledged / Self.markRecords
            state.counts.acknowledged += report.acknowledged
            state.counts.created += report.created
            state.counts.retried += report.retried
            state.counts.rejected += report.rejections.count
            if state.counts.acknowledged / Self.markRecords > before {
                state.marks.append(Mark(records: state.counts.acknowledged, seconds: seconds))
            }
        }
        for rejection in report.rejections { reject(rejection) }
    }

    /// Notes a line that could not even be sent.
    func addUnreadable(_ rejection: LoadRejection) {
        state.withLock { $0.counts.rejected += 1 }
        reject(rejection)
    }

    private func reject(_ rejection: LoadRejection) {
        do throws(CommandFailure) {
            try rejects.add(rejection)
        } catch {
            state.withLock { $0.failure = $0.failure ?? error }
        }
    }
}

import Coordinator
import Demographics
import Identifiers

/// Sends records of a population, repeats what was not acknowledged, and notes what was.
struct SimulatedClient: Sendable {
    let number: Int
    let population: SimulatedPopulation
    let registry: CurrentRegistry
    let time: VirtualTime
    let acknowledged: AcknowledgedWrites
    let options: SimulationOptions
    let seed: UInt64

    func run() async {
        var random = SimulationRandom(seed: seed)
        // Half of the keys come back, so that updates and removals happen; each key belongs to one client.
        let keys = max(2, options.writes / 2)
        var sent: [RecordKey: Bool] = [:]
        var left = options.writes
        while left > 0 {
            let count = min(left, 1 + Int(random.next(below: 4)))
            left -= count
            var submissions: [Submission] = []
            for _ in 0..<count {
                let key = RecordKey(source: "c\(number)", value: "\(random.next(below: UInt64(keys)))")
                guard !submissions.contains(where: { $0.record.key == key }) else { continue }
                let human = Int(random.next(below: UInt64(population.humans.count)))
                if sent[key] == true, random.chance(options.removals) {
                    submissions.append(Submission(action: .delete, record: SourceRecord(key: key), document: []))
                    sent[key] = false
                } else {
                    let record = population.record(human, key: key, random: &random)
                    let document = Array("\(key) \(human) \(left) \(random.next(below: 1_000_000))".utf8)
                    submissions.append(Submission(record: record, document: document))
                    sent[key] = true
                }
            }
            await send(submissions, &random)
            await time.sleep(microseconds: random.next(below: 3_000))
        }
    }

    private func send(_ submissions: [Submission], _ random: inout SimulationRandom) async {
        var open = submissions
        while !open.isEmpty {
            let outcomes = await registry.current.submit(open)
            var again: [Submission] = []
            for (submission, outcome) in zip(open, outcomes) where !settled(submission, outcome) {
                again.append(submission)
            }
            open = again
            if !open.isEmpty { await time.sleep(microseconds: 10_000 + random.next(below: 300_000)) }
        }
    }

    private func settled(_ submission: Submission, _ outcome: SubmissionOutcome) -> Bool {
        switch outcome {
        case .stored(let stored):
            acknowledged.note(
                .init(
                    record: submission.record,
                    document: submission.document,
                    version: stored.version,
                    removed: false
                ),
                golden: stored.golden
            )
            return true
        case .removed(_, let version):
            acknowledged.note(
                .init(record: submission.record, document: [], version: version, removed: true),
                golden: nil
            )
            return true
        case .refused(.notFound):
            // The removal was done before its acknowledgement got lost.
            acknowledged.note(.init(record: submission.record, document: [], version: 0, removed: true), golden: nil)
            return true
        case .refused, .unavailable:
            return false
        }
    }
}

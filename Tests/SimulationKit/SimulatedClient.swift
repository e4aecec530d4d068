import Coordinator
import Demographics
import Identifiers

/// Sends records of a population, repeats what was not acknowledged, and notes what was.
struct SimulatedClient: Sendable {
    let number: Int
    let population: SimulatedPopulation
    let registry: CurrentRegistry
    let time: VirtualTime
    let background: BackgroundWork
    let acknowledged: AcknowledgedWrites
    let operations: OperationLog
    let staleness: StalenessChecker?
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
            let began = open.map { operations.begin($0.request, of: $0.record.key) }
            guard let outcomes = await ask(open, &random) else {
                for index in open.indices where random.chance(300) { change(&open[index], &random) }
                continue
            }
            var again: [Submission] = []
            for (place, (submission, outcome)) in zip(open, outcomes).enumerated() {
                note(submission.record.key, outcome, began[place])
                if !settled(submission, outcome) { again.append(submission) }
            }
            open = again
            if !open.isEmpty { await time.sleep(microseconds: 10_000 + random.next(below: 300_000)) }
        }
    }

    /// Sends and waits for the answer, perhaps not to the end.
    ///
    /// - Returns: `nil` where the client gave up; what it sent may still come through.
    private func ask(_ submissions: [Submission], _ random: inout SimulationRandom) async -> [SubmissionOutcome]? {
        guard random.chance(options.impatience) else { return await registry.reached(&random).submit(submissions) }
        let reply = SimulatedReply()
        let (registry, time, patience) = (registry.current, time, random.next(below: 20_000))
        background.add { reply.give(await registry.submit(submissions)) }
        background.add {
            await time.sleep(microseconds: patience)
            reply.give(nil)
        }
        return await reply.wait()
    }

    /// Notes what was answered; whatever is not an answer leaves open what became of the question.
    private func note(_ key: RecordKey, _ outcome: SubmissionOutcome, _ began: Int) {
        switch outcome {
        case .stored(let stored):
            operations.end(began, of: key, .stored(version: stored.version))
            staleness?.acknowledged(key, stored.version)
        case .removed(_, let version):
            operations.end(began, of: key, .removed(version: version))
            staleness?.acknowledged(key, version)
        case .refused(.notFound): operations.end(began, of: key, .notFound)
        // When it takes effect is left open: as soon as it can be searched for.
        case .waiting, .held, .refused, .unavailable: break
        }
    }

    /// Something newer is to be said than what was sent in vain.
    private func change(_ submission: inout Submission, _ random: inout SimulationRandom) {
        guard case .upsert = submission.action else { return }
        let human = Int(random.next(below: UInt64(population.humans.count)))
        let key = submission.record.key
        let document = Array("\(key) \(human) again \(random.next(below: 1_000_000))".utf8)
        submission = Submission(record: population.record(human, key: key, random: &random), document: document)
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
        case .waiting:
            acknowledged.note(
                .init(record: submission.record, document: submission.document, version: 0, removed: false),
                golden: nil
            )
            return true
        case .held: preconditionFailure("nothing is held in a simulation")
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

extension Submission {
    /// What it asks.
    fileprivate var request: OperationLog.Request {
        switch action {
        case .upsert: .write(document)
        case .delete: .delete
        }
    }
}

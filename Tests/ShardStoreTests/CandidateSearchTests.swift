@testable import ShardStore
import Identifiers
import Matching
import ShardProtocol
import SimulationKit
import Testing

/// Scores by arithmetic that a reader can follow: a row's first byte, bounded by its sketch.
private struct PlainScorer: QueryScorer, ~Copyable {
    let wanted: UInt8

    borrowing func reaches(_ floor: MatchWeight, _ candidate: Sketch) -> Bool {
        MatchWeight(millibits: Int32(candidate.bits.words.first & 0xFF)) >= floor
    }

    borrowing func score(_ row: UnsafeRawBufferPointer, atLeast floor: MatchWeight) -> MatchWeight {
        MatchWeight(millibits: Int32(row.first.map { $0 &- $0 % wanted } ?? 0))
    }
}

extension CandidateSearch {
    /// Answers one query alone, where a store answers them in rounds.
    fileprivate mutating func answer(
        _ query: CandidatesRequest.Query,
        _ scorer: borrowing PlainScorer,
        floor: MatchWeight,
        blockLimit: Int,
        _ view: StoreView
    ) throws(StoreError) -> CandidatesAnswer.Found {
        let gathered = try gather(query, scorer, floor: floor, blockLimit: blockLimit, view)
        return try score(gathered, scorer, floor: floor, view)
    }
}

@Suite("Candidate search")
struct CandidateSearchTests {
    @Test("finds what a look at every record finds", arguments: 0..<12)
    func equalsBruteForce(seed: Int) throws {
        var random = SimulationRandom(seed: UInt64(seed))
        let harness = try StoreHarness(disk: SimulatedDisk(seed: 1))
        var model = StoreModel()
        for number in 1...40 {
            let operations = drawOperations(&random)
            model.apply(operations)
            let commit = CommitRequest(
                epoch: Epoch(1),
                number: UInt64(number),
                through: Sequence(1),
                operations: operations
            )
            harness.submit(.commit(commit))
            harness.append()
            if random.chance(200) { harness.flush() }
        }
        while harness.append() {}
        var search = CandidateSearch()
        for _ in 0..<40 {
            let query = drawQuery(&random)
            let floor = MatchWeight(millibits: Int32(random.next(below: 250)))
            let limit = Int(1 + random.next(below: 40))
            let found = try harness.core.view { view throws(StoreError) in
                try search.answer(query, PlainScorer(wanted: 3), floor: floor, blockLimit: limit, view)
            }
            #expect(found == bruteForce(model, query, floor: floor, limit: limit))
        }
        #expect(search.cost.bounded > 0)
        #expect(search.cost.scored > 0)
    }

    private func drawOperations(_ random: inout SimulationRandom) -> [UInt8] {
        var writer = OperationWriter()
        for _ in 0..<random.next(below: 40) {
            let record = random.next(below: 150) &* 0x01B4_E81B_4E81_B4E9
            let key = random.next(below: 8)
            switch random.next(below: 10) {
            case 0: writer.unpost(key: key, record: RecordID(record))
            case 1: writer.delete(.feature, StoreKey(record))
            case 2...4:
                // The sketch of a record bounds its score: the same byte in both.
                writer.put(.feature, StoreKey(record), [byte(record)] + [UInt8](repeating: 0, count: 20))
            default: writer.post(key: key, sketch: SketchBits(UInt64(byte(record))), record: RecordID(record))
            }
        }
        return writer.bytes
    }

    private func byte(_ record: UInt64) -> UInt8 { UInt8(truncatingIfNeeded: record &>> 20) }

    private func drawQuery(_ random: inout SimulationRandom) -> CandidatesRequest.Query {
        CandidatesRequest.Query(
            exclude: RecordID(random.next(below: 150) &* 0x01B4_E81B_4E81_B4E9),
            sketch: SketchBits(0),
            row: [],
            keys: (0..<random.next(below: 6)).map { _ in random.next(below: 9) }
        )
    }

    private func bruteForce(
        _ model: StoreModel,
        _ query: CandidatesRequest.Query,
        floor: MatchWeight,
        limit: Int
    ) -> CandidatesAnswer.Found {
        var found = CandidatesAnswer.Found()
        var keys: [UInt64: UInt64] = [:]
        for key in query.keys {
            let block = (model.blocks[key] ?? [:]).keys.sorted()
            if block.count > limit { found.cutKeys.append(key) }
            for record in block.prefix(limit) where keys[record] == nil { keys[record] = key }
        }
        for record in keys.keys.sorted() where record != query.exclude.rawValue {
            guard let row = model.rows[.init(.feature, StoreKey(record))], let key = keys[record] else { continue }
            let weight = row.withUnsafeBytes { PlainScorer(wanted: 3).score($0, atLeast: .lowest) }
            guard weight >= floor else { continue }
            found.candidates.append(.init(record: RecordID(record), weight: weight, key: key))
        }
        return found
    }

    @Test func aLongBlockIsCutAtTheSameRecordsWhereverTheyLie() throws {
        let limit = 500
        var answers: [CandidatesAnswer.Found] = []
        for (seed, flushes) in [(1, false), (2, true), (3, true)] {
            var random = SimulationRandom(seed: UInt64(seed))
            let small = StoreNode.smallConfiguration
            let harness = try StoreHarness(configuration: flushes ? small : StoreConfiguration())
            for number in 1...20 {
                var writer = OperationWriter()
                for record in (UInt64(0)..<1_000).shuffled(using: &random).prefix(number == 20 ? 1_000 : 50) {
                    writer.post(key: 9, sketch: SketchBits(255), record: RecordID(record))
                    writer.put(.feature, StoreKey(record), [200])
                }
                let commit = CommitRequest(
                    epoch: Epoch(1),
                    number: UInt64(number),
                    through: Sequence(1),
                    operations: writer.bytes
                )
                harness.submit(.commit(commit))
                harness.append()
                if flushes, number == 20 || random.chance(300) { harness.flushAll() }
            }
            let query = CandidatesRequest.Query(exclude: RecordID(3), sketch: SketchBits(0), row: [], keys: [9])
            answers.append(
                try harness.core.view { view throws(StoreError) in
                    var search = CandidateSearch()
                    return try search.answer(query, PlainScorer(wanted: 1), floor: .zero, blockLimit: limit, view)
                }
            )
        }
        #expect(answers[0].cutKeys == [9])
        #expect(answers[0].candidates.map(\.record.rawValue) == (0..<500).filter { $0 != 3 })
        #expect(answers[1] == answers[0])
        #expect(answers[2] == answers[0])
    }
}

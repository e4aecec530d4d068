import TestRandom
import RecordFiles
import Testing

/// The score against examples worked by hand and against counting every pair.
@Suite struct LinkageScoreTests {
    private func records(_ pairs: [(String, Int)]) -> LabelledRecords {
        LabelledRecords(pairs.map { (recordID: $0.0, label: String($0.1)) })
    }

    @Test func `an example worked by hand`() throws {
        let truth = records([("a", 1), ("b", 1), ("c", 2), ("d", 2), ("e", 3)])
        let prediction = records([("a", 7), ("b", 7), ("c", 7), ("d", 8), ("e", 9)])
        let score = try LinkageScore(truth: truth, prediction: prediction)
        #expect([score.truePositives, score.falsePositives, score.falseNegatives] == [1, 2, 1])
        #expect(abs(score.precision - 1.0 / 3) < 1e-12)
        #expect(score.recall == 0.5)
        #expect(abs(score.bCubedPrecision - (2.0 / 3 + 2.0 / 3 + 1.0 / 3 + 1 + 1) / 5) < 1e-12)
        #expect(abs(score.bCubedRecall - (1 + 1 + 0.5 + 0.5 + 1) / 5) < 1e-12)
        #expect([score.overmergedClusters, score.splitEntities, score.exactClusters] == [1, 1, 1])
        #expect(score.biggestFalseMerge == LinkageScore.FalseMerge(label: "7", entities: 2, records: 3))
        #expect([score.singletonClusters, score.largestEntity, score.largestCluster] == [2, 2, 3])
    }

    @Test func `records that one side does not name`() throws {
        let missing = try LinkageScore(truth: records([("a", 1), ("b", 1)]), prediction: records([]))
        #expect(missing.precision == 1)
        #expect(missing.recall == 0)
        #expect(missing.f1 == 0)
        #expect(missing.missingInPrediction == 2)
        let unknown = try LinkageScore(
            truth: records([("a", 1), ("b", 2)]),
            prediction: records([("a", 1), ("b", 2), ("q", 9)])
        )
        #expect(unknown.f1 == 1)
        #expect(unknown.bCubedF1 == 1)
        #expect(unknown.unknownInPrediction == 1)
        #expect(unknown.biggestFalseMerge == nil)
    }

    @Test func `a record may occur once`() {
        let once = records([("a", 1)])
        let twice = records([("a", 1), ("a", 2)])
        #expect(throws: LinkageScore.Fault.twiceInTruth(recordID: "a")) {
            try LinkageScore(truth: twice, prediction: once)
        }
        #expect(throws: LinkageScore.Fault.twiceInPrediction(recordID: "a")) {
            try LinkageScore(truth: once, prediction: twice)
        }
        #expect(throws: LinkageScore.Fault.noRecords) { try LinkageScore(truth: records([]), prediction: once) }
    }

    @Test(arguments: 0..<150) func `the score is what counting every pair gives`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let count = Int.random(in: 1...24, using: &random)
        let truth = (0..<count).map { ("r\($0)", Int.random(in: 0...6, using: &random)) }
        let prediction = (0..<count).map { ("r\($0)", Int.random(in: 0...6, using: &random)) }
        let score = try LinkageScore(truth: records(truth), prediction: records(prediction.shuffled(using: &random)))
        var (both, truthOnly, predictionOnly) = (0, 0, 0)
        for first in 0..<count {
            for second in 0..<first {
                let isTrue = truth[first].1 == truth[second].1
                let isPredicted = prediction[first].1 == prediction[second].1
                if isTrue, isPredicted {
                    both += 1
                } else if isTrue {
                    truthOnly += 1
                } else if isPredicted {
                    predictionOnly += 1
                }
            }
        }
        #expect(
            [score.truePositives, score.falseNegatives, score.falsePositives] == [both, truthOnly, predictionOnly]
        )
        var (precision, recall) = (0.0, 0.0)
        for record in 0..<count {
            let entity = Set(truth.indices.filter { truth[$0].1 == truth[record].1 })
            let cluster = Set(prediction.indices.filter { prediction[$0].1 == prediction[record].1 })
            precision += Double(entity.intersection(cluster).count) / Double(cluster.count)
            recall += Double(entity.intersection(cluster).count) / Double(entity.count)
        }
        #expect(abs(score.bCubedPrecision - precision / Double(count)) < 1e-9)
        #expect(abs(score.bCubedRecall - recall / Double(count)) < 1e-9)
        #expect(try LinkageScore(truth: records(truth), prediction: records(truth)).f1 == 1)
    }
}

import Identifiers
import Testing

@testable import Training

@Suite struct QualityEstimateTests {
    private func edge(_ first: UInt32, _ second: UInt32, _ bits: Double) -> QualityEstimate.Edge {
        .init(first: first, second: second, weight: MatchWeight(bits: bits))
    }

    @Test func evenOddsAreHalfATruePair() {
        let estimate = QualityEstimate(edges: [edge(0, 1, 0)], persons: [0, 0, 2], unscored: 0)
        #expect(estimate.pairs == 1)
        #expect(abs(estimate.precision - 0.5) < 1e-9)
        #expect(estimate.recall == 1)
    }

    @Test func aThirdRecordVouches() {
        let weak = QualityEstimate(edges: [edge(0, 1, -2)], persons: [0, 0, 2], unscored: 0)
        let edges = [edge(0, 1, -2), edge(0, 2, 12), edge(1, 2, 12)]
        let vouched = QualityEstimate(edges: edges, persons: [0, 0, 0], unscored: 0)
        #expect(weak.precision < 0.3)
        #expect(vouched.precision > 0.99)
    }

    @Test func pairsKeptApartCountAsMissed() {
        let edges = [edge(0, 1, 20), edge(2, 3, -1)]
        let estimate = QualityEstimate(edges: edges, persons: [0, 0, 2, 3], unscored: 0.5)
        #expect(estimate.precision > 0.999)
        #expect(abs(estimate.truePairs - (1 + 1.0 / 3 + 0.5)) < 1e-3)
        #expect(abs(estimate.recall - 1 / estimate.truePairs) < 1e-3)
    }

    @Test func nothingIsPerfect() {
        let estimate = QualityEstimate(edges: [], persons: [0, 1, 2], unscored: 0)
        #expect(estimate.precision == 1)
        #expect(estimate.recall == 1)
    }
}

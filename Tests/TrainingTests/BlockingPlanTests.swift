import Matching
import Testing

@testable import Training

@Suite struct BlockingPlanTests {
    private func cost(_ part: KeyPart, _ pairs: Double) -> RuleCost {
        RuleCost(rule: BlockingRule([part]), pairs: pairs, keys: 1_000, largestBlock: 10)
    }

    @Test func cheapRulesThatFindMuchComeFirst() {
        let plan = BlockingPlan(
            [cost(.identifier, 500), cost(.city, 900_000), cost(.phone, 700)],
            found: [(0b001, 400), (0b101, 100), (0b100, 200), (0b110, 50), (0b010, 50)],
            records: 1_000
        )
        #expect(plan.chosen.map(\.rule.parts) == [[.identifier], [.phone], [.city]])
        #expect(abs(plan.recall - 1) < 1e-9)
        #expect(plan.pairs == 901_200)
    }

    @Test func theBudgetHolds() {
        let plan = BlockingPlan(
            [cost(.identifier, 500), cost(.city, 9e9)],
            found: [(0b01, 400), (0b10, 400)],
            records: 1_000
        )
        #expect(plan.chosen.map(\.rule.parts) == [[.identifier]])
        #expect(plan.recall == 0.5)
    }

    @Test func nothingFoundChoosesNothing() {
        let plan = BlockingPlan([cost(.identifier, 0)], found: [], records: 0)
        #expect(plan.chosen.isEmpty)
        #expect(plan.unseen == 0)
    }

    /// Pairs found by one rule alone, hardly any by two: twice tells nothing then, and a bound holds.
    @Test func fewFoundTwiceDoNotMeanThatMostAreMissed() {
        let costs = [cost(.identifier, 500), cost(.phone, 700)]
        let plan = BlockingPlan(costs, found: [(0b01, 4_000), (0b10, 4_000), (0b11, 10)], records: 1_000)
        #expect(plan.unseen == 8_000 * BlockingPlan.unseenShare)
        let likely: [(rules: UInt64, pairs: Double)] = [(0b01, 40), (0b11, 400)]
        #expect(BlockingPlan(costs, found: [(0b01, 4_000)], likely: likely, records: 1_000).unseen == 2)
    }

    @Test func candidateRulesFitOneWord() {
        #expect(CandidateRules.all.count <= 64)
        #expect(Set(CandidateRules.all).count == CandidateRules.all.count)
    }
}

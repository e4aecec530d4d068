import Demographics
import Identifiers
import RuleSets
import Testing

@testable import Matching

@Suite struct BlockingKeysTests {
    private func keys(_ rules: RuleSet, _ change: (inout SourceRecord) -> Void) -> Set<UInt64> {
        var record = SourceRecord(key: RecordKey(source: "s", value: "1"))
        change(&record)
        return Set(rules.key(record.key.id, NormalisedRecord(record)).keys.map(\.hash))
    }

    @Test func keysAreDistinctSortedAndFew() throws {
        let rules = try RuleSetFile.standardRules()
        var random = RandomPeople(seed: 1)
        for _ in 0..<2_000 {
            let record = random.next()
            let keyed = rules.key(record.key.id, NormalisedRecord(record))
            #expect(keyed.keys.count <= BlockingKey.limit)
            #expect(zip(keyed.keys, keyed.keys.dropFirst()).allSatisfy { $0.hash < $1.hash })
            #expect(keyed.keys.allSatisfy { Int($0.rule) < rules.blocking.count })
            #expect(rules.key(record.key.id, NormalisedRecord(record)).keys == keyed.keys)
        }
    }

    @Test func slotsFillEvenly() throws {
        let rules = try RuleSetFile.standardRules()
        var counts = [Int](repeating: 0, count: 64)
        for number in 0..<20_000 {
            let hashes = keys(rules) {
                $0.identifiers = [PatientIdentifier(system: "ni", value: "X\(70_000 + 13 * number)")]
            }
            for hash in hashes { counts[Int(hash >> 58)] += 1 }
        }
        let mean = Double(counts.reduce(0, +)) / 64
        #expect(counts.allSatisfy { abs(Double($0) - mean) < mean * 0.35 })
    }

    @Test func aSwapOfNamesOrOfDayAndMonthKeepsAKey() throws {
        let rules = try RuleSetFile.standardRules()
        let one = keys(rules) {
            $0.names = [PersonName(given: ["Amina"], family: "Kipkoech")]
            $0.birthDate = "1985-03-09"
        }
        let swapped = keys(rules) {
            $0.names = [PersonName(given: ["Kipkoech"], family: "Amina")]
            $0.birthDate = "1985-09-03"
        }
        #expect(one == swapped)
    }

    @Test func aRuleKeepsItsKeysInAnotherPlace() {
        var record = SourceRecord(key: RecordKey(source: "s", value: "1"))
        record.identifiers = [PatientIdentifier(system: "ni", value: "CM77592947WXDB")]
        record.birthDate = "1985-03-09"
        record.names = [PersonName(given: ["Amina"], family: "Kipkoech")]
        let normal = NormalisedRecord(record)
        let first = BlockingRule([.identifier])
        let second = BlockingRule([.birthDate, .anyInitial])
        let forward = BlockingKeys([first, second]).keys(of: normal)
        let backward = BlockingKeys([second, first]).keys(of: normal)
        #expect(forward.map(\.hash) == backward.map(\.hash))
        #expect(forward.map(\.rule) == backward.map { 1 - $0.rule })
    }

    @Test func anErrorAtOneEndOfANameLeavesTheOther() {
        let keys = BlockingKeys([BlockingRule([.anyStart]), BlockingRule([.anyEnd])])
        func hashes(_ given: String, _ family: String) -> Set<UInt64> {
            var record = SourceRecord(key: RecordKey(source: "s", value: "1"))
            record.names = [PersonName(given: [given], family: family)]
            return Set(keys.keys(of: NormalisedRecord(record)).map(\.hash))
        }
        let right = hashes("Ed", "Kipkoech")
        #expect(right.count == 2)
        #expect(right.intersection(hashes("Ed", "Tipkoech")).count == 1)
        #expect(right.intersection(hashes("Ed", "Kipkorch")).count == 1)
        #expect(right.isDisjoint(with: hashes("Ed", "Tipkorch")))
        #expect(hashes("Ed", "Bo").isEmpty)
    }

    @Test func defaultDatesAloneFindNobody() throws {
        let rules = try RuleSetFile.standardRules()
        let one = keys(rules) {
            $0.names = [PersonName(given: ["Amina"], family: "Kipkoech")]
            $0.birthDate = "1985-01-01"
        }
        let other = keys(rules) {
            $0.names = [PersonName(given: ["Alice"], family: "Karanja")]
            $0.birthDate = "1985-01-01"
        }
        #expect(one.isDisjoint(with: other))
    }
}

import JSON
import Testing

@testable import tessera

/// A difference says what is older and what newer, and puts together what both say something about.
struct RulesDiffTests {
    @Test func theOlderLineStandsBeforeTheNewerOne() {
        let old = ["name: \"a\"", "thresholds.match: 2.000", "block_limit: 10", "blocking.- [phone]", "columns: 1"]
        let new = ["name: \"a\"", "thresholds.match: 3.000", "block_limit: 10", "blocking.- [email]", "added: 4"]
        #expect(
            RulesDiffCommand.changes(from: old, to: new) == [
                "- thresholds.match: 2.000", "+ thresholds.match: 3.000", "- blocking.- [phone]", "- columns: 1",
                "+ blocking.- [email]", "+ added: 4",
            ]
        )
        #expect(RulesDiffCommand.changes(from: old, to: old).isEmpty)
    }

    @Test func theHeadsSayWhichDecides() throws {
        let report = try JSONValue(
            parsing: Array(#"{"deciding":"aa","versions":[{"version":"bb","name":"trained"}]}"#.utf8).span.bytes
        )
        #expect(
            RulesDiffCommand.heads(["aa", "bb"], report) == ["--- aa  (decides now)", "+++ bb  (trained)"]
        )
    }
}

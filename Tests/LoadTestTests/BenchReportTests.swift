import Foundation
@testable import LoadTest
import Testing

@Suite struct BenchReportTests {
    /// Nine requests answered, the last of them late, and one refused.
    private let result = {
        var counts = LoadTally.Counts()
        for _ in 0..<8 { counts.latency.record(.zero) }
        counts.latency.record(.milliseconds(1_500))
        for _ in 0..<10 { counts.lateness.record(.zero) }
        counts.failed = 1
        counts.failures = [LoadResult.Failure(message: "refused 3", count: 1)]
        counts.highestOutstanding = 1
        return LoadResult(requestedRate: 10, elapsed: .milliseconds(2_400), counts: counts)
    }()

    @Test func theTableSaysWhatWasMeasured() {
        let report = BenchReport(scenario: "match", target: "http://127.0.0.1:8080", result: result)
        #expect(
            report.text == """
                match at http://127.0.0.1:8080
                  10/s asked, 3.80/s answered over 2.40 s
                  answered 9, failed 1, shed 0, at most 1 outstanding
                  ms            min     mean      p50      p90      p99    p99.9      max
                  latency      0.00    166.7     0.00     1500     1500     1500     1500
                  sent late    0.00     0.00     0.00     0.00     0.00     0.00     0.00
                  1 x refused 3

                """
        )
    }

    @Test func theJSONReadsBack() throws {
        let report = BenchReport(scenario: "match", target: "http://127.0.0.1:8080", result: result)
        let text = try report.json()
        #expect(!text.contains("\n"))
        #expect(try JSONDecoder().decode(BenchReport.self, from: Data(text.utf8)) == report)
        #expect(text.contains(#""scenario":"match""#))
        #expect(text.contains(#""p999":1500"#))
    }
}

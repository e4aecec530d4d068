import Foundation
import LoadTest
import Testing

@Suite struct BenchReportTests {
    private func result() async -> LoadResult {
        let clock = VirtualClock()
        return await OpenLoop(rate: 10, duration: .seconds(1), clock: clock).run { index in
            if index == 9 { clock.advance(by: .milliseconds(1_500)) }
            if index == 3 { throw OpenLoopTests.Refused(number: 3) }
        }
    }

    @Test func theTableSaysWhatWasMeasured() async {
        let report = BenchReport(scenario: "match", target: "http://127.0.0.1:8080", result: await result())
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

    @Test func theJSONReadsBack() async throws {
        let report = BenchReport(scenario: "match", target: "http://127.0.0.1:8080", result: await result())
        let text = try report.json()
        #expect(!text.contains("\n"))
        #expect(try JSONDecoder().decode(BenchReport.self, from: Data(text.utf8)) == report)
        #expect(text.contains(#""scenario":"match""#))
        #expect(text.contains(#""p999":1500"#))
    }
}

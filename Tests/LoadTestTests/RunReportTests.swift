import Foundation
import FoundationXML
import LoadTest
import Testing

/// What is told of a run.
@Suite("Run reports")
struct RunReportTests {
    /// A run of two phases in virtual time: each request takes as long as its number says.
    private func run(
        _ name: String = "phase",
        factor: Int = 1,
        losses: Bool = false
    ) async -> (RunRecord, [PhaseResult]) {
        let mix = RequestMix([.init(.match, 3), .init(.ingest, 1)])
        let clock = VirtualClock()
        let driver = LoadDriver(seed: 1, clock: clock)
        var record = RunRecord(
            scenario: "two <b>",
            target: "http://127.0.0.1:8080",
            program: "tessera 0",
            machine: "2 x a & b",
            began: 1_700_000_000,
            seed: 1
        )
        var phases: [PhaseResult] = []
        let fill = LoadPhase(
            name: "fill",
            isCounted: false,
            pace: .count(concurrency: 1, requests: 40),
            mix: RequestMix(.bulk)
        )
        let asked = LoadPhase(name: name, pace: .closed(concurrency: 1, .seconds(12)), mix: mix)
        for phase in [fill, asked] {
            let result = await driver.run(phase) { request throws(LoadFailure) in
                clock.advance(by: .milliseconds(phase.isCounted ? factor * (20 + request.index % 7) : 100))
                if losses, phase.isCounted, request.index % 9 == 0 { throw LoadFailure("no & never") }
                return request.kind == .bulk ? 100 : request.kind.adds ? 1 : 0
            }
            phases.append(result)
            record.phases.append(PhaseRecord(result, sizeBefore: record.phases.last?.sizeAfter ?? 0))
        }
        return (record, phases)
    }

    @Test("A record reads back as it was written; another version is refused by its number")
    func record() async throws {
        let (record, _) = await run()
        #expect(try RunRecord(json: record.json()) == record)
        let text = String(decoding: try record.json(), as: UTF8.self)
        let other = text.replacing("\"version\":1", with: "\"version\":7")
        #expect(throws: RunRecordFault.version(7)) { try RunRecord(json: Array(other.utf8)) }
        #expect(throws: RunRecordFault.unreadable) { try RunRecord(json: Array("{}".utf8)) }
    }

    @Test("The table says what was measured, of what was counted only")
    func text() async {
        let (record, _) = await run(losses: true)
        let lines = RunText.lines(record)
        #expect(lines[0] == "two <b> at http://127.0.0.1:8080")
        #expect(lines.contains { $0.hasPrefix("  1 at a time, ") })
        #expect(lines.contains { $0.hasPrefix("  ingest ") } && lines.contains { $0.hasPrefix("  match ") })
        #expect(lines.contains { $0.contains("x no & never") })
        #expect(!lines.contains { $0.contains("fill") })
    }

    @Test("The page is well-formed, names nothing outside itself, and has its pictures")
    func page() async throws {
        let (record, _) = await run(losses: true)
        let page = RunPage.html(record)
        let body = page.replacing("<!doctype html>\n", with: "").replacing(#/<meta [^>]*>/#, with: "")
        let parser = XMLParser(data: Data(body.utf8))
        let isWellFormed = parser.parse()
        #expect(isWellFormed)
        #expect(page.contains("two &lt;b&gt;") && page.contains("no &amp; never"))
        #expect(page.contains("prefers-color-scheme:dark"))
        let outside = page.replacing("http://www.w3.org/2000/svg", with: "").replacing(
            "http://127.0.0.1:8080",
            with: ""
        )
        #expect(!outside.contains("http"))
        for title in [
            "99th percentile of the requests", "How many were answered", "Requests a second", "Throughput against size",
        ] {
            #expect(page.contains("<title>\(title)"), "\(title)")
        }
    }

    @Test("Throughput against size counts what the registry grew by")
    func sizes() async {
        let (record, phases) = await run()
        #expect(record.phases[0].sizeAfter == 4_000)
        #expect(record.phases[1].sizeBefore == 4_000)
        #expect(record.phases[1].sizeAfter == 4_000 + Int(phases[1].records))
    }

    @Test("A slower run is worse, the same run is the same, and chance is told from change")
    func comparison() async throws {
        let (first, _) = await run()
        let (second, _) = await run(factor: 2, losses: true)
        let same = RunComparison(first, first)
        #expect(same.rows.allSatisfy { $0.worse == 0 && $0.isClear != true })
        #expect(same.worse(than: 0).isEmpty)
        let worse = RunComparison(first, second)
        let median = try #require(worse.rows.first { $0.place == "phase: match" && $0.figure == "p50 ms" })
        #expect(abs(median.worse - 100) < 1)
        #expect(median.isClear == true)
        #expect(RunComparison.change(median).hasSuffix("% worse"))
        let rate = try #require(worse.rows.first { $0.figure == "answered/s" })
        #expect(rate.worse > 40)
        #expect(worse.rows.contains { $0.figure == "failed or not sent, %" && $0.worse == 100 })
        #expect(worse.worse(than: 1_000).isEmpty)
        #expect(RunComparison(second, first).worse(than: 5).isEmpty)
        #expect(worse.html(first, second).contains("clear"))
    }

    @Test("Phases of one run only are named")
    func unmatched() async {
        let (first, _) = await run("a")
        let (second, _) = await run("b")
        let comparison = RunComparison(first, second)
        #expect(comparison.rows.isEmpty)
        #expect(comparison.unmatched == ["a", "b"])
    }
}

import ArgumentParser
import Testing

@testable import tessera

/// Numbers, addresses and progress as people read them.
@Suite("Words")
struct WordsTests {
    @Test(
        "A URL names host and port",
        arguments: [
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080"), ("http://h:1/", "http://h:1"),
            ("https://registry.example", "https://registry.example:443"), ("http://[::1]:80", "http://[::1]:80"),
            ("http://[::1]", "http://[::1]:80"),
        ]
    )
    func url(text: String, told: String) throws {
        #expect(try ServerURL(parsing: text).description == told)
    }

    @Test(
        "What is no URL is refused",
        arguments: ["", "h:1", "ftp://h", "http://", "http://h:0", "http://h:99999", "http://h:x", "http://h/fhir"]
    )
    func noURL(text: String) {
        #expect(throws: ValidationError.self) { try ServerURL(parsing: text) }
    }

    @Test("Counts, sizes and times")
    func quantities() {
        #expect([0, 999, 1_000, -1_234_567].map(Quantity.count) == ["0", "999", "1,000", "-1,234,567"])
        #expect([0, 1_023, 1_536, 5 << 30].map(Quantity.bytes) == ["0 B", "1023 B", "1.5 KiB", "5.0 GiB"])
        #expect(
            [0.04, 9.4, 61, 125, 7_260].map(Quantity.time) == ["0.0 s", "9.4 s", "61 s", "2 min 5 s", "2 h 1 min"]
        )
        #expect([0.99951, -0.5, 12].map { Quantity.decimal($0, 3) } == ["1.000", "-0.500", "12.000"])
    }

    @Test("Everything but unreserved characters is escaped")
    func percent() { #expect(URLPart.encode("a|b c/é~") == "a%7Cb%20c%2F%C3%A9~") }

    @Test("Rate and time left follow the last seconds")
    func progress() {
        var progress = LoadProgress(totalBytes: 1_000)
        var counts = LoadTally.Counts()
        for second in 0...100 {
            counts.acknowledged = second < 50 ? second * 10 : 500 + (second - 50) * 30
            counts.bytesRead = second * 5
            progress.add(counts, seconds: Double(second))
        }
        #expect(Int(progress.rate.rounded()) == 30)
        #expect(progress.secondsLeft.map { Int($0.rounded()) } == 100)
        #expect(progress.line == "2,000 records, 30/s, 50 %, 100 s left")
    }

    @Test("Options that cannot be right are wrong usage")
    func usage() {
        let wrong: [[String]] = [
            [], ["f", "--connections", "0"], ["f", "--patience", "0"], ["-", "-"], ["f", "--format", "xml"],
            ["f", "--to", "localhost"], ["f", "--cert", "c.pem"],
        ]
        for arguments in wrong {
            #expect(throws: (any Error).self, "\(arguments)") { try LoadCommand.parse(arguments) }
        }
        #expect(throws: (any Error).self) { try ExportCommand.parse([]) }
        #expect(throws: (any Error).self) { try LinkCommand.parse(["--output", "o", "--train"]) }
        #expect(throws: (any Error).self) { try BenchMatchCommand.parse(["--rate", "0"]) }
    }
}

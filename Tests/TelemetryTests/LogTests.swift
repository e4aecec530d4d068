import Logging
import Testing

@testable import Telemetry

struct LogTests {
    private func line(
        _ message: Logger.Message,
        _ metadata: Logger.Metadata? = nil,
        level: Logger.Level = .info
    ) -> String {
        let handler = PlainLogHandler(component: "gateway")
        let event = LogEvent(
            level: level,
            message: message,
            metadata: metadata,
            source: nil,
            file: "",
            function: "",
            line: 0
        )
        return handler.line(for: event, at: "T")
    }

    @Test("A line is time, level, component, message and sorted pairs")
    func plain() {
        #expect(line("leading", ["shards": "3", "epoch": "7"]) == "T INFO  gateway leading epoch=7 shards=3")
        #expect(line("slow", level: .warning) == "T WARNING gateway slow")
    }

    @Test("Values are quoted where they must be and cannot forge a line")
    func quoting() {
        let forged: Logger.Metadata = ["a": "x\nT ERROR gateway forged", "b": "say \"no\"", "c": "", "d": "k=v"]
        #expect(
            line("m\u{1B}[31m", forged)
                == #"T INFO  gateway m\u{1b}[31m a="x\u{a}T ERROR gateway forged" b="say \"no\"" c="" d="k=v""#
        )
    }

    @Test("Long values are cut")
    func long() {
        let text = line("m", ["a": .string(String(repeating: "é", count: 50_000))])
        #expect(text.utf8.count < PlainLogHandler.valueLimit + 50)
        #expect(text.hasSuffix("…"))
    }

    @Test("A redacted value shows nowhere")
    func redacted() {
        struct Holder { var name: Redacted<String> }
        let hidden = Redacted("Akinyi")
        var dumped = ""
        dump(Holder(name: hidden), to: &dumped)
        let texts = ["\(hidden)", String(reflecting: hidden), "\(Holder(name: hidden))", dumped, "\([hidden])"]
        for text in texts { #expect(!text.contains("Akinyi")) }
        #expect(line("stored", ["patient": "\(hidden)"]) == "T INFO  gateway stored patient=[redacted]")
        #expect(hidden.unredacted == "Akinyi")
    }

    @Test("The wall clock is written in UTC with milliseconds")
    func time() {
        #expect(LogTime.text(seconds: 1_782_000_000, milliseconds: 7) == "2026-06-21T00:00:00.007Z")
        #expect(LogTime.now().count == 24)
    }

    @Test("Levels are read as users write them")
    func levels() {
        #expect(LogBootstrap.level(named: "Warn") == .warning)
        #expect(LogBootstrap.level(named: "debug") == .debug)
        #expect(LogBootstrap.level(named: "loud") == nil)
    }
}

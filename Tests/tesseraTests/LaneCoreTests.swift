import Testing
import Transport

@testable import tessera

/// One lane of a load, event by event.
@Suite("Lane of a load")
struct LaneCoreTests {
    private let start = ContinuousClock().now
    private let url: ServerURL

    init() throws { url = try ServerURL(parsing: "http://127.0.0.1:8080") }

    private func core(_ settings: LaneSettings = LaneSettings()) -> LaneCore {
        LaneCore(settings, url: url, now: start)
    }

    private func batch(_ keys: UInt64...) -> LoadBatch {
        var batch = LoadBatch()
        for key in keys { batch.add(Array("{\(key)}".utf8), file: 0, line: Int(key), key: key) }
        return batch
    }

    private func stored(_ lines: Int...) -> [UInt8] {
        Array(lines.map { #"{"line":\#($0),"created":true}"# + "\n" }.joined().utf8)
    }

    private func text(_ effects: [LaneCore.Effect]) -> String? {
        for case .write(let bytes) in effects { return String(decoding: bytes, as: UTF8.self) }
        return nil
    }

    private func acknowledged(_ effects: [LaneCore.Effect]) -> Int {
        effects.reduce(0) { if case .report(let report) = $1 { $0 + report.acknowledged } else { $0 } }
    }

    /// A core with a stream over which a batch was sent.
    private func opened(_ batch: LoadBatch) -> LaneCore {
        var core = core()
        #expect(core.start() == [.read])
        #expect(core.handle(.batch(batch), now: start) == [.open, .write(batch.bytes), .read])
        #expect(core.handle(.written(isOpen: true), now: start).isEmpty)
        #expect(core.handle(.head(.success(HTTPResponseHead(status: 200))), now: start) == [.receive])
        return core
    }

    @Test("Nothing to load opens nothing")
    func empty() {
        var core = core()
        _ = core.start()
        #expect(core.handle(.batch(nil), now: start) == [.done])
    }

    @Test("A result cut in two counts once it is whole")
    func cutResult() {
        var core = opened(batch(1, 2))
        let answer = stored(1, 2)
        var count = 0
        for byte in answer { count += acknowledged(core.handle(.chunk(.success([byte])), now: start)) }
        #expect(count == 2)
        #expect(core.handle(.batch(nil), now: start).contains(.finish))
        #expect(core.handle(.chunk(.success(nil)), now: start).last == .done)
    }

    @Test("What has no result is sent again, first of all and in order")
    func loss() {
        var core = opened(batch(1, 2, 3))
        _ = core.handle(.batch(batch(4)), now: start)
        _ = core.handle(.chunk(.success(stored(1))), now: start)
        let broken = core.handle(.chunk(.failure(TransportError(.connectionLost, "read"))), now: start)
        #expect(broken.contains(.pause(LaneSettings().firstPause)))
        let effects = core.handle(.wake, now: start)
        #expect(effects.contains(.open))
        #expect(text(effects) == "{2}\n{3}\n")
        #expect(text(core.handle(.written(isOpen: true), now: start)) == "{4}\n")
    }

    @Test("A record to be tried again takes later versions of itself with it, stored or not")
    func order() {
        var core = opened(batch(7, 8, 7))
        let retry = Array(#"{"line":1,"retry":true,"error":{"code":"transient","field":"","message":"busy"}}"#.utf8)
        let effects = core.handle(.chunk(.success(retry + [0x0A] + stored(2, 3))), now: start)
        #expect(acknowledged(effects) == 1)
        #expect(effects.contains(.finish))
        #expect(core.handle(.chunk(.success(nil)), now: start).contains(.pause(LaneSettings().firstPause)))
        #expect(text(core.handle(.wake, now: start)) == "{7}\n{7}\n")
    }

    @Test("A refusal is told with the server's words", arguments: [400, 401, 403, 404, 413, 415])
    func refusal(status: Int) {
        var core = core()
        _ = core.start()
        _ = core.handle(.batch(batch(1)), now: start)
        _ = core.handle(.head(.success(HTTPResponseHead(status: status))), now: start)
        _ = core.handle(.chunk(.success(Array(#"{"detail":"not you"}"#.utf8))), now: start)
        let effects = core.handle(.chunk(.success(nil)), now: start)
        let words = "http://127.0.0.1:8080/api/v1/load answered \(status): not you"
        #expect(effects == [.cancel, .fail(CommandFailure(words))])
    }

    @Test("Overload is waited for as long as the server asks", arguments: [429, 503])
    func overload(status: Int) {
        var core = core()
        _ = core.start()
        _ = core.handle(.batch(batch(1)), now: start)
        let head = HTTPResponseHead(status: status, headers: ["retry-after": "3"])
        _ = core.handle(.head(.success(head)), now: start)
        #expect(core.handle(.chunk(.success(nil)), now: start).contains(.pause(.seconds(3))))
    }

    @Test("Pauses grow while nothing goes well, and patience ends")
    func patience() {
        var settings = LaneSettings()
        settings.patience = .seconds(10)
        var core = core(settings)
        _ = core.start()
        _ = core.handle(.batch(batch(1)), now: start)
        var now = start
        var pauses: [Duration] = []
        for _ in 0..<100 {
            let effects = core.handle(.head(.failure(TransportError(.connectFailed, "connect"))), now: now)
            for case .fail(let failure) in effects {
                #expect(failure.description.contains("acknowledged nothing for 10 s"))
                #expect(
                    pauses.prefix(4) == [
                        .milliseconds(100), .milliseconds(200), .milliseconds(400), .milliseconds(800),
                    ]
                )
                return
            }
            for case .pause(let pause) in effects {
                pauses.append(pause)
                now += pause
            }
            _ = core.handle(.wake, now: now)
        }
        Issue.record("patience never ended")
    }

    @Test("Waiting long for the file is no trouble of the server's")
    func slowFile() {
        var core = opened(batch(1))
        _ = core.handle(.chunk(.success(stored(1))), now: start)
        let later = start + .seconds(1_000)
        #expect(core.handle(.tick, now: later).isEmpty)
        _ = core.handle(.batch(batch(2)), now: later)
        #expect(core.handle(.tick, now: later + .seconds(1)).isEmpty)
    }

    @Test("No more is under way than the window holds")
    func window() {
        var settings = LaneSettings()
        settings.windowRecords = 2
        var core = core(settings)
        _ = core.start()
        _ = core.handle(.batch(batch(1, 2)), now: start)
        _ = core.handle(.head(.success(HTTPResponseHead(status: 200))), now: start)
        #expect(text(core.handle(.batch(batch(3)), now: start)) == nil)
        #expect(text(core.handle(.written(isOpen: true), now: start)) == nil)
        #expect(text(core.handle(.chunk(.success(stored(1))), now: start)) == "{3}\n")
    }
}

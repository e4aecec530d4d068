import TestRandom
import Coordinator
import Identifiers
import JSON
import Telemetry
import Testing

@testable import Gateway

/// `POST /api/v1/load`: streams of records.
struct LoadTests {
    private func lines(_ answer: DoorAnswer) -> [JSONValue] {
        answer.text.split(separator: "\n").map { (try? JSONValue(parsing: String($0))) ?? .null }
    }

    private func load(_ doors: DoorFixture, _ body: String) async -> [JSONValue] {
        let answer = await doors.send("POST", "/api/v1/load", body, ["content-type": "application/x-ndjson"])
        #expect(answer.status == 200)
        #expect(answer.headers["content-type"] == "application/x-ndjson")
        return lines(answer)
    }

    @Test("Each line has its result in order; bad lines never stop the rest")
    func results() async {
        let doors = DoorFixture()
        let body = [
            Sample.patient("1"), "", Sample.patient("2", birthDate: "1985-13-02"), "{\"resourceType\":", "\u{FEFF}",
            Sample.patient("1", family: "New"), "  " + Sample.patient("3") + " \r",
            #"{"resourceType":"Observation"}"#, #"{"resourceType":"Patient"}"#, Sample.patient("4"),
        ].joined(separator: "\n")
        let results = await load(doors, body)
        #expect(results.compactMap { $0["line"]?.integer } == [1, 3, 4, 5, 6, 7, 8, 9, 10])
        #expect(results[0]["source"]?.string == "urn:clinic")
        #expect(results[0]["id"]?.string == "1")
        #expect(results[0]["version"]?.integer == 1)
        #expect(results[0]["created"]?.boolean == true)
        #expect(results[0]["golden"]?.string?.count == 14)
        #expect(results[1]["error"]?["code"]?.string == "value")
        #expect(results[1]["error"]?["field"]?.string == "Patient.birthDate")
        #expect(results[1]["retry"] == nil)
        #expect(results[2]["error"]?["code"]?.string == "structure")
        #expect(results[4]["version"]?.integer == 2)
        #expect(results[4]["created"]?.boolean == false)
        #expect(results[5]["id"]?.string == "3")
        #expect(results[6]["error"]?["code"]?.string == "invalid")
        #expect(results[7]["error"]?["field"]?.string == "Patient.identifier")
        #expect(results[8]["id"]?.string == "4")
    }

    @Test("A line that is a Bundle has a result for each entry")
    func bundles() async {
        let bundle = """
            {"resourceType":"Bundle","type":"collection","entry":[{"resource":\(Sample.patient("1"))},\
            {"fullUrl":"urn:x"},{"resource":\(Sample.patient("2", birthDate: "x"))},{"resource":[]},\
            {"resource":\(Sample.patient("3"))}]}
            """
        let results = await load(DoorFixture(), bundle + "\n" + Sample.patient("4"))
        #expect(results.compactMap { $0["line"]?.integer } == [1, 1, 1, 1, 1, 2])
        #expect(results.map { $0["entry"]?.integer } == [0, 1, 2, 3, 4, nil])
        #expect(results[0]["id"]?.string == "1")
        #expect(results[1]["error"]?["field"]?.string == "Bundle.entry[1].resource")
        #expect(results[2]["error"]?["field"]?.string == "Bundle.entry[2].resource.birthDate")
        #expect(results[3]["error"]?["field"]?.string == "Bundle.entry[3].resource")
        #expect(results[4]["id"]?.string == "3")
        let empty = await load(DoorFixture(), #"{"resourceType":"Bundle","type":"batch"}"#)
        #expect(empty[0]["error"]?["field"]?.string == "Bundle.entry")
    }

    @Test("What is not available now may be sent again; what is refused may not")
    func retry() async {
        let doors = DoorFixture()
        await doors.registry.answerWrites(with: .unavailable(reason: "no leader", retryAfterSeconds: 1))
        let later = await load(doors, Sample.patient("1"))
        #expect(later[0]["retry"]?.boolean == true)
        #expect(later[0]["error"]?["code"]?.string == "transient")
        await doors.registry.answerWrites(with: .refused(.addressCollision(with: RecordKey(source: "s", value: "v"))))
        let never = await load(doors, Sample.patient("1"))
        #expect(never[0]["retry"] == nil)
        #expect(never[0]["error"]?["code"]?.string == "conflict")
    }

    @Test("Lines past the bound are refused, the next ones are read")
    func longLines() async {
        let doors = DoorFixture { $0.limits.loadLineBytes = 400 }
        let long = Sample.patient("2", family: String(repeating: "x", count: 500))
        let results = await load(doors, [Sample.patient("1"), long, Sample.patient("3"), long].joined(separator: "\n"))
        #expect(results.map { $0["error"]?["code"]?.string } == [nil, "too-long", nil, "too-long"])
    }

    @Test("An empty stream has no results")
    func empty() async {
        #expect(await load(DoorFixture(), "\n\n\r\n").isEmpty)
    }

    @Test("Large streams go through in pieces, several at a time, results in order", arguments: [1, 7, 64, 1_000])
    func pieces(chunk: Int) async {
        let doors = DoorFixture {
            $0.limits.loadPieceRecords = 32
            $0.limits.loadPieceEnough = 8
        }
        let text = (1...500).map { Sample.patient("\($0 % 90)", family: "F\($0)") + "\n" }.joined()
        let stream = FakeStream(Array(text.utf8), chunk: chunk * 10)
        await doors.run(stream)
        let results = await stream.results
        #expect(results.compactMap { $0["line"]?.integer } == Array(1...500))
        // Versions of one record come in the order of the lines.
        for (index, result) in results.enumerated() {
            #expect(result["version"]?.integer == index / 90 + 1)
        }
        let last = await doors.send("GET", "/api/v1/records/urn:clinic/\(500 % 90)")
        #expect(last.json["document"]?["name"]?[0]?["family"]?.string == "F500")
        #expect(doors.metrics.counter(.loadLines).value == 500)
        #expect(doors.metrics.gauge(.loadStreams).value == 0)
    }

    @Test("A sender that waits for each result gets it")
    func lockstep() async {
        let doors = DoorFixture()
        let stream = FakeStream(lockstep: (1...20).map { Array((Sample.patient("\($0)") + "\n").utf8) })
        await doors.run(stream)
        #expect(await stream.results.count == 20)
        #expect(await doors.registry.batches == [Int](repeating: 1, count: 20))
    }

    @Test("A stream that breaks off leaves its last, unfinished line where it is")
    func brokenOff() async {
        let doors = DoorFixture()
        let text = Sample.patient("1") + "\n" + Sample.patient("2")
        let stream = FakeStream(Array(text.utf8), chunk: 50, breaksOff: true)
        await doors.run(stream)
        #expect(await stream.failure == .brokenOff)
        #expect(await stream.results.compactMap { $0["id"]?.string } == ["1"])
        #expect(await doors.send("GET", "/api/v1/records/urn:clinic/2").status == 404)
    }

    @Test("A client that is gone ends the load")
    func clientGone() async {
        let doors = DoorFixture()
        let text = (1...300).map { Sample.patient("\($0)") + "\n" }.joined()
        let stream = FakeStream(Array(text.utf8), chunk: 100, stopsReadingAfter: 1)
        await doors.run(stream)
        #expect(await stream.failure == .gone)
    }

    @Test("Splitting does not depend on where the chunks are cut", arguments: 0..<50 as Range<UInt64>)
    func splitting(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var bytes: [UInt8] = []
        for _ in 0..<random.below(300) { bytes.append([0x0A, 0x0D, 0x20, 0x61, 0x62, 0x63][random.below(6)]) }
        let limit = 3 + random.below(10)
        var whole = LineSplitter(limit: limit)
        whole.push(bytes)
        var cut = LineSplitter(limit: limit)
        var found: [LineSplitter.Line] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = rest.prefix(1 + random.below(12))
            rest = rest.dropFirst(piece.count)
            cut.push(Array(piece))
            while let line = cut.next() { found.append(line.copied) }
        }
        if let last = cut.rest() { found.append(last.copied) }
        #expect(found == all(&whole))
        #expect(found == twin(bytes, limit: limit))
    }

    private func all(_ splitter: inout LineSplitter) -> [LineSplitter.Line] {
        var found: [LineSplitter.Line] = []
        while let line = splitter.next() { found.append(line.copied) }
        if let last = splitter.rest() { found.append(last.copied) }
        return found
    }

    /// The same in the most obvious way.
    private func twin(_ bytes: [UInt8], limit: Int) -> [LineSplitter.Line] {
        var parts = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
        if parts.last?.isEmpty == true { parts.removeLast() }
        return parts.map { part in
            guard part.count <= limit else { return .tooLong }
            var line = part
            while let first = line.first, first != 0x0A, first <= 0x20 { line.removeFirst() }
            while let last = line.last, last <= 0x20 { line.removeLast() }
            return .text(ArraySlice(Array(line)))
        }
    }
}

extension LineSplitter.Line {
    /// The same line with indices from 0.
    var copied: LineSplitter.Line {
        switch self {
        case .text(let bytes): .text(ArraySlice(Array(bytes)))
        case .tooLong: .tooLong
        }
    }
}

extension DoorFixture {
    /// Runs a bulk load over a stream.
    func run(_ stream: FakeStream) async {
        let pipeline = LoadPipeline<FakeStream.Failure>(
            submit: { [registry] in await registry.submit($0) },
            configuration: gateway.services.configuration,
            metrics: gateway.services.metrics,
            input: { () async throws(FakeStream.Failure) in try await stream.read() },
            output: { (bytes) async throws(FakeStream.Failure) in try await stream.write(bytes) }
        )
        do throws(FakeStream.Failure) {
            try await pipeline.run()
        } catch {
            await stream.end(with: error)
        }
    }
}

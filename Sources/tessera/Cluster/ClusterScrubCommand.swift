internal import ArgumentParser
internal import JSON

/// `tessera cluster scrub`: compares what derives from the records with them, and mends it.
struct ClusterScrubCommand: AsyncParsableCommand {
    private static let path = "/api/v1/cluster/scrub"

    static let configuration = CommandConfiguration(
        commandName: "scrub",
        abstract: "Compares what derives from the records with them while the cluster serves, and mends it.",
        discussion: """
            Looked at are postings, feature rows, links, components and golden identifiers of every record, and what \
            belongs to no record.
            Exit status: 0 everything fits, or was mended; 1 something is left.
            """
    )

    @Flag(help: "Only tell what is found.")
    var dryRun = false

    @Option(help: ArgumentHelp("Records that may be looked at a second; 0 for as many as can.", valueName: "n"))
    var recordsPerSecond: UInt64 = 0

    @Flag(help: "Begin nothing; show the scrub that runs or ran last.")
    var status = false

    @OptionGroup var target: ClusterTarget

    func run() async throws {
        let (mends, rate, status) = (!dryRun, recordsPerSecond, status)
        let answer = try await RegistryClient.with(target.url(), target.connection) { client in
            let call = KeepingCall(path: Self.path, client: client)
            if status { return try await call.read() }
            _ = try await call.send { writer in
                writer.key("mend")
                writer.boolean(mends)
                writer.key("recordsPerSecond")
                writer.integer(rate)
            }
            return try await Self.wait(call)
        }
        target.tell(answer) { Self.lines(answer) }
        let isLeft = (answer["found"]?.integer ?? 0) > (answer["mended"]?.integer ?? 0)
        if isLeft || answer["phase"]?.string == "failed" { throw ExitCode.failure }
    }

    private static func wait(_ call: KeepingCall) async throws -> JSONValue {
        var told = ContinuousClock.now
        while true {
            let answer = try await call.read()
            switch answer["phase"]?.string {
            case "running": break
            case "none": throw CommandFailure("the scrub was lost: the leader changed; begin again")
            default: return answer
            }
            if ContinuousClock.now - told > ProgressLine.logInterval {
                told = .now
                let (done, of) = (answer["done"]?.integer ?? 0, answer["of"]?.integer ?? 1)
                let records = Quantity.count(answer["records"]?.integer ?? 0)
                Terminal.note("\(done * 100 / max(of, 1)) %, \(records) records")
            }
            try await Task.sleep(for: KeepingCall.pause)
        }
    }

    /// A scrub as people read it.
    static func lines(_ answer: JSONValue) -> [String] {
        guard let phase = answer["phase"]?.string, phase != "none" else {
            return ["no scrub ran since this leader leads"]
        }
        var lines = (answer["findings"]?.array ?? []).map { finding in
            "\(finding["mended"]?.boolean == true ? "mended" : "found ")  \(finding["finding"]?.string ?? "?")"
        }
        let numbers = ["records", "found", "mended"].map { Quantity.count(answer[$0]?.integer ?? 0) }
        lines.append("\(phase): \(numbers[0]) records, \(numbers[1]) findings, \(numbers[2]) mended")
        if let fault = answer["fault"]?.string { lines.append(fault) }
        return lines
    }
}

internal import ArgumentParser
internal import Backups
internal import Coordinator
internal import Identifiers
internal import JSON

/// `tessera cluster backup`: makes a backup while the cluster serves, shows backups, or checks one.
struct ClusterBackupCommand: AsyncParsableCommand {
    private static let path = "/api/v1/cluster/backups"

    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Makes a backup while the cluster serves; without a name, shows backups; with --verify, checks one.",
        discussion: """
            The node that leads writes it into the directory `backups` of its configuration (by default, beside its \
            data). Everything that was acknowledged up to the cut is in it, and nothing after.
            Exit status: 0 done; 1 the backup failed, or is not what it was.
            """
    )

    @Argument(help: "What the backup is to be called.")
    var name: String?

    @Flag(help: "Let the backup go on: writes after the cut are added until it is stopped.")
    var follow = false

    @Flag(help: "Stop a backup: one that copies is given up, one that follows is complete.")
    var stop = false

    @Option(help: ArgumentHelp("Bytes that may be read a second; 0 for as many as can.", valueName: "bytes"))
    var bytesPerSecond: UInt64 = 0

    @Option(help: ArgumentHelp("Check the backup in a directory; asks no server.", valueName: "dir"))
    var verify: String?

    @OptionGroup var target: ClusterTarget

    func validate() throws {
        if stop, name == nil { throw ValidationError("--stop needs the name of a backup") }
        if stop, follow { throw ValidationError("--stop and --follow exclude each other") }
        if verify != nil, name != nil { throw ValidationError("--verify takes a directory and no name") }
    }

    func run() async throws {
        if let verify { return try check(verify) }
        let (url, name, follow, stop, rate) = (try target.url(), name, follow, stop, bytesPerSecond)
        let answer = try await RegistryClient.with(url, target.connection) { client in
            let call = KeepingCall(path: Self.path, client: client)
            guard let name else { return try await call.read() }
            if stop {
                _ = try await call.send { writer in
                    writer.member("action", "stop")
                    writer.member("name", name)
                }
                return try await Self.wait(call, name) { $0 == "complete" || $0 == "failed" }
            }
            _ = try await call.send { writer in
                writer.member("action", "start")
                writer.member("name", name)
                writer.key("follow")
                writer.boolean(follow)
                writer.key("bytesPerSecond")
                writer.integer(rate)
            }
            return try await Self.wait(call, name) { $0 != "copying" }
        }
        target.tell(answer) { Self.lines(answer) }
        guard let name, let fault = Self.backup(name, in: answer)?["fault"]?.string else { return }
        throw CommandFailure("the backup \(name) failed: \(fault)")
    }

    /// Waits until a backup is in a phase.
    private static func wait(
        _ call: KeepingCall,
        _ name: String,
        _ isOver: (String) -> Bool
    ) async throws -> JSONValue {
        var told = ContinuousClock.now
        while true {
            let answer = try await call.read()
            guard let backup = backup(name, in: answer), let phase = backup["phase"]?.string else {
                throw CommandFailure("the backup \(name) was lost: the leader changed; begin again")
            }
            if isOver(phase) { return answer }
            if ContinuousClock.now - told > ProgressLine.logInterval {
                told = .now
                let (done, of) = (backup["done"]?.integer ?? 0, backup["of"]?.integer ?? 1)
                Terminal.note(
                    "\(phase): \(done * 100 / max(of, 1)) %, \(Quantity.bytes(backup["bytes"]?.integer ?? 0))"
                )
            }
            try await Task.sleep(for: KeepingCall.pause)
        }
    }

    private static func backup(_ name: String, in answer: JSONValue) -> JSONValue? {
        (answer["backups"]?.array ?? []).first { $0["name"]?.string == name }
    }

    /// The backups as people read them.
    static func lines(_ answer: JSONValue) -> [String] {
        let backups = answer["backups"]?.array ?? []
        guard !backups.isEmpty else { return ["there are no backups"] }
        var table = TextTable([
            ("backup", .left), ("state", .left), ("size", .right), ("cut", .right), ("through", .right), ("", .left),
        ])
        for backup in backups {
            table.add([
                backup["name"]?.string ?? "?", backup["phase"]?.string ?? "?",
                backup["bytes"]?.integer.map(Quantity.bytes) ?? "", backup["cut"]?.integer.map { "\($0)" } ?? "",
                backup["through"]?.integer.map { "\($0)" } ?? "", backup["fault"]?.string ?? "",
            ])
        }
        return table.lines
    }

    private func check(_ directory: String) throws {
        let report = BackupVerifier.verify(directory: directory)
        var answer: JSONObject = [
            "whole": .boolean(report.faults.isEmpty), "files": .number(JSONNumber(report.files)),
            "bytes": .number(JSONNumber(report.bytes)), "frames": .number(JSONNumber(report.frames)),
            "faults": .array(report.faults.map { .string($0) }),
        ]
        var lines = report.faults.map { "FAULT  \($0)" }
        if let manifest = report.manifest {
            answer["cut"] = .number(JSONNumber(Int(manifest.cut.cut.rawValue)))
            answer["through"] = .number(JSONNumber(Int(manifest.through.rawValue)))
            lines.append("cut at write \(manifest.cut.cut), can be restored through write \(manifest.through)")
        }
        lines.append("\(report.files) files, \(Quantity.bytes(report.bytes)), \(report.frames) frames")
        lines.append(report.faults.isEmpty ? "the backup is whole" : "THE BACKUP IS NOT WHOLE")
        target.tell(.object(answer)) { lines }
        if !report.faults.isEmpty { throw ExitCode.failure }
    }
}

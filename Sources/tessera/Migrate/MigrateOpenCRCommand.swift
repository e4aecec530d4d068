internal import ArgumentParser
internal import Foundation
internal import JSON
internal import Transport

/// `tessera migrate opencr`: takes over an export of OpenCR with its links, breaks and golden identifiers.
struct MigrateOpenCRCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "opencr",
        abstract: "Takes over an export of OpenCR: records, links, broken matches and CRUIDs.",
        discussion: """
            The export is a FHIR Bundle of its Patients, golden records included, or a resource a line. What OpenCR \
            held to be one person is one person; a pair that was broken stays apart; every CRUID goes on naming its \
            person (GET /fhir/Patient/CRUID). It may be run again: nothing is doubled.
            """
    )

    @Argument(
        help: ArgumentHelp("Exports: a Bundle (.json), or a resource or Bundle a line (.ndjson).", valueName: "file")
    )
    var files: [String]

    @Option(
        help: ArgumentHelp("A system of internal identifiers; may be repeated, most wanted first.", valueName: "uri")
    )
    var system: [String] = []

    @Option(
        name: .customLong("to"),
        help: ArgumentHelp("The registry (default: TESSERA_URL, or http://127.0.0.1:8080).", valueName: "url"),
        transform: ServerURL.init(parsing:)
    )
    var server: ServerURL?

    @Flag(help: "Answers one JSON value.")
    var json = false

    @OptionGroup(title: "TLS")
    var connection: ConnectionOptions

    func validate() throws {
        if files.isEmpty { throw ValidationError("name at least one file") }
    }

    func run() async throws {
        var export = OpenCRExport(systems: system)
        for file in files { try Self.read(file, into: &export) }
        guard !export.records.isEmpty else {
            throw CommandFailure("there is no source record in \(files.joined(separator: ", "))")
        }
        let url = try ServerURL.resolve(server)
        let taken = export
        let report = try await RegistryClient.with(url, connection) { client in
            try await OpenCRMigration(export: taken, client: client).run()
        }
        if json { Report.json(report.json) } else { Report.text(report.lines) }
        if report.rejected > 0 { throw ExitCode(2) }
    }

    private static func read(_ file: String, into export: inout OpenCRExport) throws {
        guard let data = FileManager.default.contents(atPath: file) else {
            throw CommandFailure("\(file) cannot be read")
        }
        let limits = JSONLimits(bytes: 1 << 30)
        let bytes = [UInt8](data)
        if let whole = try? JSONValue(parsing: bytes.span.bytes, limits: limits) {
            export.add(whole)
            return
        }
        for (index, line) in bytes.split(separator: 0x0A).enumerated() {
            let text = Array(line)
            guard text.contains(where: { $0 > 0x20 }) else { continue }
            do {
                export.add(try JSONValue(parsing: text.span.bytes, limits: limits))
            } catch {
                throw CommandFailure("\(file), line \(index + 1): no JSON")
            }
        }
    }
}

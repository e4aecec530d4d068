internal import ArgumentParser
internal import JSON

/// `tessera export`: who is who, or the patients themselves, as files.
struct ExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Writes the links or the patients of a registry to a file.",
        discussion: """
            The links are a CSV with the columns source, record_id and golden_id and a row for each live \
            record. The patients are FHIR resources, one a line, each with its golden identifier. `-` is \
            standard output.
            """
    )

    @Option(help: ArgumentHelp("Write source,record_id,golden_id to this CSV.", valueName: "file"))
    var links: String?

    @Option(help: ArgumentHelp("Write every live record as a FHIR Patient a line to this file.", valueName: "file"))
    var patients: String?

    @Option(
        name: .customLong("from"),
        help: ArgumentHelp("The registry (default: TESSERA_URL, or http://127.0.0.1:8080).", valueName: "url"),
        transform: ServerURL.init(parsing:)
    )
    var server: ServerURL?

    @Flag(help: "Answers one JSON value when done.")
    var json = false

    @OptionGroup(title: "TLS")
    var connection: ConnectionOptions

    func validate() throws {
        guard links != nil || patients != nil else {
            throw ValidationError("say what to export: --links FILE.csv, --patients FILE.ndjson or both")
        }
        if json, links == "-" || patients == "-" {
            throw ValidationError("--json and '-' would both write to standard output: name a file")
        }
    }

    func run() async throws {
        let url = try ServerURL.resolve(server)
        var report = JSONObject()
        try await RegistryClient.with(url, connection) { client in
            if let links {
                let rows = try await LinksExport(client: client).write(to: links)
                report["links"] = .number(JSONNumber(rows))
                if !json { Terminal.note("\(Quantity.count(rows)) links in \(links)") }
            }
            if let patients {
                let rows = try await PatientsExport(client: client).write(to: patients)
                report["patients"] = .number(JSONNumber(rows))
                if !json { Terminal.note("\(Quantity.count(rows)) patients in \(patients)") }
            }
        }
        if json { Report.json(.object(report)) }
    }
}

internal import ArgumentParser
internal import JSON
internal import Transport

/// `tessera explain`: why two records are, or are not, one person.
struct ExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Says, field by field, why two records are or are not one person.",
        discussion: """
            A record is named source|id (in quotes, for the shell), by its id alone with --source, or by the \
            13 characters of its FHIR id.
            """
    )

    @Argument(help: ArgumentHelp("A record: source|id.", valueName: "record"))
    var first: String

    @Argument(help: ArgumentHelp("Another record.", valueName: "record"))
    var second: String

    @Option(help: ArgumentHelp("The source of records that are named by their id alone.", valueName: "name"))
    var source: String?

    @Option(
        name: .customLong("from"),
        help: ArgumentHelp("The registry (default: TESSERA_URL, or http://127.0.0.1:8080).", valueName: "url"),
        transform: ServerURL.init(parsing:)
    )
    var server: ServerURL?

    @Flag(help: "Answers one JSON value.")
    var json = false

    @Option(help: ArgumentHelp("Write the waterfall to this file as SVG (- for standard output).", valueName: "file"))
    var svg: String?

    @OptionGroup(title: "TLS")
    var connection: ConnectionOptions

    func validate() throws {
        guard !first.isEmpty, !second.isEmpty else { throw ValidationError("name two records: source|id source|id") }
    }

    func run() async throws {
        let url = try ServerURL.resolve(server)
        let path = "/api/v1/explain?a=\(URLPart.encode(name(first)))&b=\(URLPart.encode(name(second)))"
        try await RegistryClient.with(url, connection) { client in
            if let svg {
                let picture = try await client.get(path, accept: "image/svg+xml").body
                var file = try OutputFile(path: svg)
                try file.write(picture)
                try file.finish()
                if svg == "-" { return }
            }
            let answer = try await client.json(path)
            if json { Report.json(answer) } else { Report.text(ExplainedPair(answer).lines) }
        }
    }

    private func name(_ text: String) -> String {
        guard let source, !text.contains("|") else { return text }
        return "\(source)|\(text)"
    }
}

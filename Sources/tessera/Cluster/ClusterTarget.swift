internal import ArgumentParser
internal import JSON

/// The coordinator that an operator's command goes to, and how its answer is shown.
struct ClusterTarget: ParsableArguments {
    @Option(
        name: .customLong("at"),
        help: ArgumentHelp("A coordinator (default: TESSERA_URL, or http://127.0.0.1:8080).", valueName: "url"),
        transform: ServerURL.init(parsing:)
    )
    var server: ServerURL?

    @Flag(help: "Answers one JSON value.")
    var json = false

    @OptionGroup(title: "TLS")
    var connection: ConnectionOptions

    /// The coordinator's address.
    func url() throws -> ServerURL { try ServerURL.resolve(server) }

    /// Shows an answer as JSON where that was wished for, else as people read it.
    func tell(_ answer: JSONValue, _ lines: () -> [String]) {
        if json {
            Report.json(answer)
        } else {
            Report.text(lines())
        }
    }
}

internal import ArgumentParser
internal import JSON

/// `tessera rules refresh`: a version that says how common names are now.
struct RulesRefreshCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "refresh",
        abstract: "Counts the names and keys of a registry and puts the rules that decide with these counts.",
        discussion: """
            How common names are, and which keys too many records have to be of use, is frozen in a version, so that \
            no answer depends on the order of arrival. The leader counts all records the first time, and from then on \
            what changes, while others write little. This puts a new version with the counts of now; nothing is \
            decided by it before it is activated. Everything else of the rules stays.
            """
    )

    @Argument(help: ArgumentHelp("The version to start from, as `show` takes it.", valueName: "version"))
    var version = "deciding"

    @Option(help: ArgumentHelp("The alternative that names prove something against.", valueName: "name"))
    var against: String?

    @Option(help: ArgumentHelp("Why, for those who come later.", valueName: "text"))
    var comment = ""

    @OptionGroup var target: ClusterTarget

    func run() async throws {
        let (version, against, comment) = (version, against, comment)
        let report = try await RegistryClient.with(target.url(), target.connection) { client in
            let call = RulesCall(client: client)
            let digits = try RulesCall.version(version, in: try await call.read())
            _ = try await call.send { writer in
                writer.member("action", "refresh")
                writer.member("version", digits)
                if let against { writer.member("against", against) }
                writer.member("comment", comment)
            }
            return try await call.waitForRefresh()
        }
        target.tell(report) { Self.lines(report) }
    }

    private static func lines(_ report: JSONValue) -> [String] {
        let (counts, refresh) = (report["counts"], report["counts"]?["refresh"])
        let hot = refresh?["hotKeys"]?.integer ?? 0
        let keys = hot == 0 ? "" : ", \(Quantity.count(hot)) hot keys left out"
        let names = "names of \(Quantity.count(counts?["records"]?.integer ?? 0)) records"
        let read = "\(Quantity.count(refresh?["read"]?.integer ?? 0)) records read"
        return ["\(refresh?["version"]?.string ?? "?") is kept: \(names)\(keys) (\(read))"]
    }
}

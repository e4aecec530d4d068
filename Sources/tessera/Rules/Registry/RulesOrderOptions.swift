internal import ArgumentParser
internal import JSON

/// How an order about the rules is given, and whether to wait for what comes of it.
struct RulesOrderOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Records that may be looked at a second; 0 for as many as can.", valueName: "n"))
    var recordsPerSecond: UInt64?

    @Option(help: ArgumentHelp("Why, for those who come later.", valueName: "text"))
    var comment = ""

    @Flag(help: "Return once the order is taken; the change goes on in the background either way.")
    var noWait = false

    @OptionGroup var target: ClusterTarget

    /// Gives an order.
    ///
    /// - Parameters:
    ///   - action: what is asked.
    ///   - version: about which version, as people say it.
    ///   - waits: whether to wait for the change.
    /// - Throws: `CommandFailure`.
    func send(_ action: String, version: String? = nil, waits: Bool = true) async throws {
        let (rate, comment, waits) = (recordsPerSecond, comment, waits && !noWait)
        let report = try await RegistryClient.with(target.url(), target.connection) { client in
            let call = RulesCall(client: client)
            let named = try await call.read()
            let digits = try version.map { try RulesCall.version($0, in: named) }
            let report = try await call.send { writer in
                writer.member("action", action)
                if let digits { writer.member("version", digits) }
                if let rate {
                    writer.key("recordsPerSecond")
                    writer.integer(rate)
                }
                if !comment.isEmpty { writer.member("comment", comment) }
            }
            return waits ? try await call.wait() : report
        }
        target.tell(report) { RulesLines.status(report) }
    }
}

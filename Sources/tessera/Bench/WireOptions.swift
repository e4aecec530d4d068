internal import ArgumentParser
internal import Foundation

/// How a load test reaches what it asks.
struct WireOptions: ParsableArguments {
    @Option(
        name: .customLong("to"),
        help: ArgumentHelp(
            "A Tessera (http://HOST:PORT), or the base of a FHIR server (http://HOST:PORT/PATH); "
                + "default: TESSERA_URL, or http://127.0.0.1:8080.",
            valueName: "url"
        ),
        transform: BenchTarget.init(parsing:)
    )
    var target: BenchTarget?

    @Flag(name: .customLong("http1"), help: "Speaks HTTP/1.1, one request at a time on each connection.")
    var http1 = false

    @Option(
        help: ArgumentHelp("A file whose first line is a bearer token (default: TESSERA_TOKEN).", valueName: "file")
    )
    var tokenFile: String?

    @Option(
        name: .customLong("header"),
        help: ArgumentHelp("A header field of every request, 'NAME: VALUE'; repeats.", valueName: "field")
    )
    var headers: [String] = []

    @OptionGroup(title: "TLS")
    var connection: ConnectionOptions

    func validate() throws {
        guard headers.allSatisfy({ $0.contains(":") }) else {
            throw ValidationError("--header takes 'NAME: VALUE'")
        }
    }

    /// Whom the test asks.
    func resolved() throws -> BenchTarget { try target ?? BenchTarget(server: ServerURL.resolve(nil)) }

    /// The header fields of every request.
    func fields() throws(CommandFailure) -> [(String, String)] {
        var fields: [(String, String)] = []
        for header in headers {
            let parts = header.split(separator: ":", maxSplits: 1)
            let value = parts.count > 1 ? parts[1].trimmingCharacters(in: .whitespaces) : ""
            fields.append((parts.first?.trimmingCharacters(in: .whitespaces) ?? "", value))
        }
        var token = ProcessInfo.processInfo.environment[RegistryClient.tokenVariable] ?? ""
        if let tokenFile {
            guard let text = try? String(contentsOfFile: tokenFile, encoding: .utf8) else {
                throw CommandFailure("cannot read \(tokenFile)")
            }
            token = text.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
        }
        token = token.trimmingCharacters(in: .whitespaces)
        if !token.isEmpty { fields.append(("authorization", "Bearer \(token)")) }
        return fields
    }
}

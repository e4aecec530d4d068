internal import ArgumentParser
internal import Transport

/// How a client shows who it is and whom it trusts, for servers under TLS.
struct ConnectionOptions: ParsableArguments {
    @Option(
        name: .customLong("ca"),
        help: ArgumentHelp("Authorities to trust instead of the system's, PEM.", valueName: "file")
    )
    var authorities: String?

    @Option(name: .customLong("cert"), help: ArgumentHelp("Certificate to show to the server, PEM.", valueName: "file"))
    var certificate: String?

    @Option(name: .customLong("key"), help: ArgumentHelp("Private key of the certificate, PEM.", valueName: "file"))
    var key: String?

    func validate() throws {
        guard (certificate == nil) == (key == nil) else {
            throw ValidationError("--cert and --key belong together: give both or neither")
        }
    }

    /// The end of the wire that a URL names.
    func endpoint(_ url: ServerURL) -> Endpoint {
        let tls = TLSClientConfiguration(
            authoritiesPath: authorities,
            certificatePath: certificate,
            keyPath: key
        )
        return Endpoint(host: url.host, port: url.port, tls: url.isEncrypted ? tls : nil)
    }
}

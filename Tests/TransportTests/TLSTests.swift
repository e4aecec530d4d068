import Foundation
import NIOCore
import Testing
import Transport

@Suite("TLS", .serialized)
struct TLSTests {
    /// Tells what the server knows of its client.
    private static let telling = TestHandler(answer: { head, _ in
        let certificate = head.peer.certificate
        let names = certificate?.alternativeNames.joined(separator: ";") ?? ""
        return .text(
            200,
            "\(head.version.rawValue)|\(head.peer.isEncrypted)|\(certificate?.subject ?? "none")|"
                + "\(certificate?.commonName ?? "none")|\(names)|\(certificate?.fingerprint.count ?? 0)"
        )
    })

    private func withTLS(
        _ verification: TLSServerConfiguration.ClientVerification = .none,
        limits: HTTPLimits = HTTPLimits(),
        _ body: (Certificates, HTTPServer, Int) async throws -> Void
    ) async throws {
        let certificates = try await Certificates.make()
        defer { certificates.remove() }
        let server = try HTTPServer(
            configuration: HTTPServerConfiguration(
                tls: TLSServerConfiguration(
                    certificatePath: certificates.path("server.pem"),
                    keyPath: certificates.path("server.key"),
                    clientAuthoritiesPath: certificates.path("ca.pem"),
                    clientVerification: verification
                ),
                limits: limits
            ),
            group: Loops.shared,
            handler: Self.telling
        )
        let port = try #require(try await server.start().port)
        do {
            try await body(certificates, server, port)
        } catch {
            await server.stop()
            throw error
        }
        await server.drain(timeout: .seconds(1))
    }

    /// What was written after the handshake had failed once waited for ever.
    @Test("Whoever writes to a server it does not trust is told why, however soon the connection ends")
    func writingWithoutTrust() async throws {
        try await withTLS { certificates, _, port in
            let endpoint = Endpoint(
                host: "127.0.0.1",
                port: port,
                tls: TLSClientConfiguration(authoritiesPath: certificates.path("client.pem"))
            )
            let client = try OneWayClient(endpoint: endpoint, group: Loops.shared)
            for _ in 0..<20 {
                let error = await #expect(throws: TransportError.self) { try await client.send([1, 2, 3]) }
                #expect(error?.code == .tls, "\(String(describing: error))")
            }
            client.close()
        }
    }

    /// One request of a new client.
    private func ask(_ port: Int, _ tls: TLSClientConfiguration) async throws -> String {
        let client = try HTTPClient(endpoint: Endpoint(host: "127.0.0.1", port: port, tls: tls), group: Loops.shared)
        do {
            let response = try await client.send(HTTPClientRequest(path: "/"), deadline: .seconds(5))
            await client.close()
            return String(decoding: response.body, as: UTF8.self)
        } catch {
            await client.close()
            throw error
        }
    }

    @Test("Our client speaks HTTP/2 to our server and checks its name")
    func ownClient() async throws {
        try await withTLS { certificates, _, port in
            let trusting = TLSClientConfiguration(authoritiesPath: certificates.path("ca.pem"))
            let text = try await ask(port, trusting)
            #expect(text == "HTTP/2|true|none|none||0")
            var renamed = trusting
            renamed.serverName = "localhost"
            let same = try await ask(port, renamed)
            #expect(same == text)
            renamed.serverName = "other.example"
            await #expect {
                try await ask(port, renamed)
            } throws: {
                ($0 as? TransportError)?.code == .tls
            }
            let foreign = TLSClientConfiguration(authoritiesPath: certificates.path("foreign.pem"))
            await #expect {
                try await ask(port, foreign)
            } throws: {
                ($0 as? TransportError)?.code == .tls
            }
        }
    }

    @Test("A required client certificate is checked and told to the handler")
    func mutual() async throws {
        try await withTLS(.required) { certificates, _, port in
            var tls = TLSClientConfiguration(
                authoritiesPath: certificates.path("ca.pem"),
                certificatePath: certificates.path("client.pem"),
                keyPath: certificates.path("client.key")
            )
            let text = try await ask(port, tls)
            #expect(
                text == "HTTP/2|true|CN=clinic-7,O=Ministry of Health,C=UG|clinic-7|clinic-7.example|64"
            )
            tls.certificatePath = nil
            tls.keyPath = nil
            await #expect(throws: TransportError.self) { try await ask(port, tls) }
            tls.certificatePath = certificates.path("stranger.pem")
            tls.keyPath = certificates.path("stranger.key")
            await #expect(throws: TransportError.self) { try await ask(port, tls) }
        }
    }

    @Test("An optional client certificate may be missing, not wrong")
    func optional() async throws {
        try await withTLS(.optional) { certificates, _, port in
            var tls = TLSClientConfiguration(authoritiesPath: certificates.path("ca.pem"))
            let without = try await ask(port, tls)
            #expect(without == "HTTP/2|true|none|none||0")
            tls.certificatePath = certificates.path("client.pem")
            tls.keyPath = certificates.path("client.key")
            let with = try await ask(port, tls)
            #expect(with.contains("|clinic-7|"))
            tls.certificatePath = certificates.path("stranger.pem")
            tls.keyPath = certificates.path("stranger.key")
            await #expect(throws: TransportError.self) { try await ask(port, tls) }
        }
    }

    @Test("curl speaks HTTP/1.1 and HTTP/2 by ALPN, TLS 1.2 and 1.3, with a client certificate")
    func curl() async throws {
        try await withTLS(.required) { certificates, _, port in
            let common = [
                "-sS", "--cacert", certificates.path("ca.pem"), "--cert", certificates.path("client.pem"),
                "--key", certificates.path("client.key"), "-w", "|%{http_version}", "https://localhost:\(port)/",
            ]
            for (options, expected) in [
                (["--http2"], "HTTP/2|true|"), (["--http1.1"], "HTTP/1.1|true|"),
                (["--http2", "--tls-max", "1.2"], "HTTP/2|true|"), (["--http2", "--tlsv1.3"], "HTTP/2|true|"),
            ] {
                let result = try await run("/usr/bin/curl", options + common)
                #expect(result.status == 0, "\(options) \(result.errors)")
                #expect(result.output.hasPrefix(expected), "\(options)")
                #expect(result.output.contains("|clinic-7|"))
            }
            let old = try await run("/usr/bin/curl", ["--tls-max", "1.1"] + common)
            #expect(old.status != 0)
            let bare = try await run(
                "/usr/bin/curl",
                ["-sS", "--cacert", certificates.path("ca.pem"), "https://localhost:\(port)/"]
            )
            #expect(bare.status != 0)
        }
    }

    @Test("Replaced certificate files hold for new connections; broken ones leave the old in use")
    func reload() async throws {
        try await withTLS { certificates, server, port in
            let old = TLSClientConfiguration(authoritiesPath: certificates.path("ca.pem"))
            let new = TLSClientConfiguration(authoritiesPath: certificates.path("foreign.pem"))
            _ = try await ask(port, old)
            try await certificates.issue("server", "foreign", "/CN=localhost", "DNS:localhost,IP:127.0.0.1")
            try server.reloadCertificates()
            _ = try await ask(port, new)
            await #expect(throws: TransportError.self) { try await ask(port, old) }
            try "broken".write(toFile: certificates.path("server.pem"), atomically: true, encoding: .utf8)
            #expect(throws: TransportError.self) { try server.reloadCertificates() }
            _ = try await ask(port, new)
        }
    }

    @Test("Replaced certificate files are noticed without being told")
    func noticed() async throws {
        try await withTLS { certificates, _, port in
            let new = TLSClientConfiguration(authoritiesPath: certificates.path("foreign.pem"))
            await #expect(throws: TransportError.self) { try await ask(port, new) }
            try await certificates.issue("server", "foreign", "/CN=localhost", "DNS:localhost,IP:127.0.0.1")
            // The files are looked at once a second.
            try await Task.sleep(for: .milliseconds(1100))
            _ = try await ask(port, new)
        }
    }

    @Test("Files that do not load are told by path")
    func badFiles() async throws {
        let certificates = try await Certificates.make()
        defer { certificates.remove() }
        for (certificate, key, word) in [
            ("none.pem", "server.key", "none.pem"), ("server.pem", "none.key", "none.key"),
            ("server.pem", "client.key", "mismatch"),
        ] {
            #expect {
                try HTTPServer(
                    configuration: HTTPServerConfiguration(
                        tls: TLSServerConfiguration(
                            certificatePath: certificates.path(certificate),
                            keyPath: certificates.path(key)
                        )
                    ),
                    group: Loops.shared,
                    handler: TestHandler()
                )
            } throws: {
                let error = $0 as? TransportError
                return error?.code == .tls && "\(error as Any)".contains(word)
            }
        }
    }

    @Test("Clear text, silence and noise on a TLS port end without harm")
    func notTLS() async throws {
        var limits = HTTPLimits()
        limits.handshakeTimeout = .milliseconds(300)
        try await withTLS(limits: limits) { certificates, _, port in
            let silent = try await RawConnection(port: port)
            let clear = try await RawConnection(port: port)
            try await clear.send("GET / HTTP/1.1\r\nhost: a\r\n\r\n")
            let noise = try await RawConnection(port: port)
            try await noise.send([22, 3, 1, 0, 4, 1, 2, 3, 4])
            #expect(await eventually { silent.isClosed && clear.isClosed && noise.isClosed })
            _ = try await ask(port, TLSClientConfiguration(authoritiesPath: certificates.path("ca.pem")))
        }
    }

    @Test("A large body passes through TLS whole")
    func largeBody() async throws {
        let certificates = try await Certificates.make()
        defer { certificates.remove() }
        let server = try HTTPServer(
            configuration: HTTPServerConfiguration(
                tls: TLSServerConfiguration(
                    certificatePath: certificates.path("server.pem"),
                    keyPath: certificates.path("server.key")
                )
            ),
            group: Loops.shared,
            handler: TestHandler(mode: { _ in .buffered(maxBytes: 16 << 20) })
        )
        let tls = TLSClientConfiguration(authoritiesPath: certificates.path("ca.pem"))
        try await withRunning(server, tls: tls) { _, client, _ in
            let body = patterned(8 << 20)
            let response = try await client.send(HTTPClientRequest(method: "POST", path: "/", body: body))
            #expect(response.body == body)
        }
    }
}

import Foundation
import Testing

/// Certificates made by the `openssl` command for one test run.
struct Certificates: Sendable {
    let folder: String

    private static let shared = Task { try await create() }

    /// A copy of the certificates that were made once for this run.
    static func make() async throws -> Certificates {
        let copy = FileManager.default.temporaryDirectory.appendingPathComponent("tessera-tls-\(UUID().uuidString)")
        try FileManager.default.copyItem(atPath: await shared.value.folder, toPath: copy.path)
        return Certificates(folder: copy.path)
    }

    /// An authority, a server's certificate for `localhost` and 127.0.0.1, a client's, and one of a foreign authority.
    private static func create() async throws -> Certificates {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("tessera-tls-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let certificates = Certificates(folder: folder.path)
        try await certificates.makeAuthority("ca", "Tessera Test")
        try await certificates.makeAuthority("foreign", "Foreign")
        try await certificates.issue("server", "ca", "/CN=localhost", "DNS:localhost,IP:127.0.0.1")
        try await certificates.issue("client", "ca", "/C=UG/O=Ministry of Health/CN=clinic-7", "DNS:clinic-7.example")
        try await certificates.issue("stranger", "foreign", "/CN=stranger", "DNS:stranger.example")
        return certificates
    }

    func path(_ name: String) -> String { "\(folder)/\(name)" }

    func remove() {
        try? FileManager.default.removeItem(atPath: folder)
    }

    func makeAuthority(_ name: String, _ commonName: String) async throws {
        try await openssl([
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
            "-keyout", path("\(name).key"), "-out", path("\(name).pem"), "-subj", "/CN=\(commonName)",
        ])
    }

    func issue(_ name: String, _ authority: String, _ subject: String, _ names: String) async throws {
        try await openssl([
            "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
            "-keyout", path("\(name).key"), "-out", path("\(name).csr"), "-subj", subject,
        ])
        try "subjectAltName=\(names)\n".write(toFile: path("\(name).ext"), atomically: true, encoding: .utf8)
        try await openssl([
            "x509", "-req", "-in", path("\(name).csr"), "-CA", path("\(authority).pem"),
            "-CAkey", path("\(authority).key"), "-CAcreateserial", "-days", "2",
            "-extfile", path("\(name).ext"), "-out", path("\(name).pem"),
        ])
    }

    private func openssl(_ arguments: [String]) async throws {
        let result = try await run("/usr/bin/openssl", arguments)
        try #require(result.status == 0, "openssl \(arguments[0]): \(result.errors)")
    }
}

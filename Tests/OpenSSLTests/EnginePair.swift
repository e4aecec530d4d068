import Foundation
import OpenSSL
import Testing

/// A client's engine and a server's, joined in memory.
final class EnginePair {
    let client: TLSEngine
    let server: TLSEngine
    private(set) var clientReceived: [UInt8] = []
    private(set) var serverReceived: [UInt8] = []
    /// Changes bytes on their way to the server.
    var tamper: (inout [UInt8]) -> Void = { _ in }

    init(_ files: EngineFiles, serverName: String = "localhost", server names: [String], client offers: [String]) throws
    {
        server = try TLSEngine(
            context: TLSContext(
                TLSSettings(
                    role: .server,
                    certificatePath: files.certificate,
                    keyPath: files.key,
                    protocols: names
                )
            )
        )
        client = try TLSEngine(
            context: TLSContext(TLSSettings(role: .client, authoritiesPath: files.certificate, protocols: offers)),
            serverName: serverName
        )
    }

    /// Carries ciphertext both ways until neither side has any.
    func settle() throws(OpenSSLError) {
        var isMoving = true
        try client.handshake()
        while isMoving {
            var toServer: [UInt8] = []
            var toClient: [UInt8] = []
            client.takeCiphertext { piece in piece.withUnsafeBufferPointer { toServer.append(contentsOf: $0) } }
            tamper(&toServer)
            server.receive(toServer.span)
            try server.readPlaintext { piece in piece.withUnsafeBufferPointer { serverReceived.append(contentsOf: $0) }
            }
            server.takeCiphertext { piece in piece.withUnsafeBufferPointer { toClient.append(contentsOf: $0) } }
            client.receive(toClient.span)
            try client.readPlaintext { piece in piece.withUnsafeBufferPointer { clientReceived.append(contentsOf: $0) }
            }
            isMoving = !toServer.isEmpty || !toClient.isEmpty
        }
    }
}

/// A certificate that signs itself, made by the `openssl` command.
struct EngineFiles {
    let folder: URL
    var certificate: String { folder.appendingPathComponent("server.pem").path }
    var key: String { folder.appendingPathComponent("server.key").path }

    static func make() throws -> EngineFiles {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "tessera-engine-\(UUID().uuidString)"
        )
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let files = EngineFiles(folder: folder)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
        process.arguments = [
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
            "-keyout", files.key, "-out", files.certificate, "-subj", "/CN=localhost",
            "-addext", "subjectAltName=DNS:localhost",
        ]
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        return files
    }

    func remove() {
        try? FileManager.default.removeItem(at: folder)
    }
}

import OpenSSL
import Testing

@Suite("TLS over memory", .serialized)
struct TLSEngineTests {
    private func withFiles(_ body: (EngineFiles) throws -> Void) throws {
        let files = try EngineFiles.make()
        defer { files.remove() }
        try body(files)
    }

    @Test("A handshake completes and bytes pass both ways, whatever their number")
    func bytes() throws {
        try withFiles { files in
            let pair = try EnginePair(files, server: ["h2"], client: ["h2"])
            try pair.settle()
            #expect(pair.client.isEstablished && pair.server.isEstablished)
            #expect(pair.client.version == "TLSv1.3")
            var sent: [UInt8] = []
            for count in [0, 1, 16_383, 16_384, 16_385, 200_000] {
                let piece = [UInt8](repeating: UInt8(truncatingIfNeeded: count &* 7 &+ 1), count: count)
                try pair.client.write(piece.span)
                try pair.server.write(piece.span)
                try pair.settle()
                sent += piece
            }
            #expect(pair.serverReceived == sent)
            #expect(pair.clientReceived == sent)
        }
    }

    @Test(
        "The server's best protocol that the client offers is agreed on",
        arguments: [
            (["h2", "http/1.1"], ["http/1.1", "h2"], "h2"), (["h2", "http/1.1"], ["http/1.1"], "http/1.1"),
            (["h2"], ["spdy/3"], nil),
        ] as [([String], [String], String?)]
    )
    func protocols(server: [String], client: [String], expected: String?) throws {
        try withFiles { files in
            let pair = try EnginePair(files, server: server, client: client)
            try pair.settle()
            #expect(pair.server.negotiatedProtocol == expected)
            #expect(pair.client.negotiatedProtocol == expected)
        }
    }

    @Test("A server of another name is not accepted")
    func wrongName() throws {
        try withFiles { files in
            let pair = try EnginePair(files, serverName: "other.example", server: ["h2"], client: ["h2"])
            #expect {
                try pair.settle()
            } throws: {
                let error = $0 as? OpenSSLError
                return error?.code == .handshakeFailed && error?.detail.contains("hostname mismatch") == true
            }
        }
    }

    @Test("The other end's goodbye is told")
    func goodbye() throws {
        try withFiles { files in
            let pair = try EnginePair(files, server: ["h2"], client: ["h2"])
            try pair.settle()
            pair.client.shutdown()
            try pair.settle()
            #expect(pair.server.isClosedByPeer)
        }
    }

    @Test("Ciphertext changed on its way is an error, at any byte")
    func tampered() throws {
        try withFiles { files in
            for position in stride(from: 0, to: 600, by: 7) {
                let pair = try EnginePair(files, server: ["h2"], client: ["h2"])
                var offset = 0
                var isChanged = false
                pair.tamper = { bytes in
                    let index = position - offset
                    offset += bytes.count
                    guard bytes.indices.contains(index) else { return }
                    bytes[index] ^= 0x55
                    isChanged = true
                }
                do throws(OpenSSLError) {
                    try pair.settle()
                    if pair.client.isEstablished { try pair.client.write([UInt8](repeating: 1, count: 400).span) }
                    try pair.settle()
                    // A changed length may leave the server waiting for bytes that never come; nothing may get through.
                    #expect(!isChanged || pair.serverReceived.isEmpty || pair.serverReceived.allSatisfy { $0 == 1 })
                } catch {
                    #expect(isChanged, "position \(position): \(error)")
                }
            }
        }
    }
}

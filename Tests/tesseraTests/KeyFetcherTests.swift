import Access
import Foundation
import JSON
import Locks
import Logging
import Testing

@testable import Entrance
@testable import tessera

/// Keys of issuers by their address: fetched, kept, rotated, and kept on where an issuer fails.
struct KeyFetcherTests {
    /// An issuer's address, answered as a test wants.
    private final class Publisher: Sendable {
        private struct State {
            var status = 200
            var body: [UInt8] = []
            var asked = 0
        }

        private let state = Mutex(State())

        func publish(_ body: String, status: Int = 200) {
            state.withLock {
                $0.body = Array(body.utf8)
                $0.status = status
            }
        }

        var asked: Int { state.withLock { $0.asked } }

        func answer() throws -> (status: Int, bytes: [UInt8]) {
            let (status, body) = state.withLock { state in
                state.asked += 1
                return (state.status, state.body)
            }
            guard status != 0 else { throw URLError(.timedOut) }
            return (status, body)
        }
    }

    private static func keys(_ ids: String...) -> String {
        let n =
            "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3"
            + "oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQ"
            + "vRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw"
        let list = ids.map { "{\"kty\":\"RSA\",\"alg\":\"RS256\",\"kid\":\"\($0)\",\"n\":\"\(n)\",\"e\":\"AQAB\"}" }
        return "{\"keys\":[\(list.joined(separator: ","))]}"
    }

    private let publisher = Publisher()
    private let ring = KeyRing()
    private let issuer = TokenIssuer(
        issuer: "https://id.example",
        audiences: ["tessera"],
        keys: "https://id.example/jwks"
    )

    private var fetcher: KeyFetcher {
        KeyFetcher(
            issuers: [issuer],
            keys: ring,
            logger: Logger(label: "test"),
            fetch: { [publisher] url in
                #expect(url.absoluteString == "https://id.example/jwks")
                return try publisher.answer()
            }
        )
    }

    private func holds(_ id: String) -> Bool { ring.keys(of: issuer, naming: id, at: 0)?.holds(id) ?? false }

    @Test("Keys are fetched at the start, and again only after the interval")
    func fetchedAndKept() async {
        publisher.publish(Self.keys("one"))
        #expect(!holds("one"))
        var since = KeyFetcher.interval
        await fetcher.turn(&since)
        #expect(holds("one") && publisher.asked == 1)
        let quiet = KeyFetcher.interval / KeyFetcher.missingInterval - 1
        for _ in 0..<quiet { await fetcher.turn(&since) }
        #expect(publisher.asked == 1)
        await fetcher.turn(&since)
        #expect(publisher.asked == 2)
    }

    @Test("A token that names a new key has the keys fetched at the next turn, once")
    func rotated() async {
        publisher.publish(Self.keys("one"))
        var since = KeyFetcher.interval
        await fetcher.turn(&since)
        publisher.publish(Self.keys("two"))
        await fetcher.turn(&since)
        #expect(publisher.asked == 1, "nobody missed a key")
        #expect(!holds("two"))
        await fetcher.turn(&since)
        #expect(publisher.asked == 2 && holds("two") && !holds("one"))
        // An invented key is asked for once a turn, not once a token.
        for _ in 0..<1_000 { #expect(!holds("invented")) }
        await fetcher.turn(&since)
        await fetcher.turn(&since)
        #expect(publisher.asked <= 4)
    }

    @Test("What is held goes on being used where the issuer fails", arguments: [0, 404, 500, 200])
    func failure(status: Int) async {
        publisher.publish(Self.keys("one"))
        var since = KeyFetcher.interval
        await fetcher.turn(&since)
        publisher.publish(status == 200 ? "no keys" : Self.keys("two"), status: status)
        since = KeyFetcher.interval
        await fetcher.turn(&since)
        #expect(publisher.asked == 2 && holds("one") && !holds("two"))
        publisher.publish(Self.keys("two"))
        since = KeyFetcher.interval
        await fetcher.turn(&since)
        #expect(holds("two"))
    }

    @Test("A set of keys that is too long is not taken")
    func tooLong() async {
        publisher.publish(Self.keys("one") + String(repeating: " ", count: KeyFetcher.bytesMax))
        var since = KeyFetcher.interval
        await fetcher.turn(&since)
        #expect(!holds("one"))
    }
}

@testable import ShardStore
import Testing

@Suite("Keys, and what is sealed under them")
struct VaultTests {
    static let one = "1 " + String(repeating: "a1", count: 32)
    static let otherOne = "1 " + String(repeating: "a2", count: 32)
    static let two = "2 " + String(repeating: "B2", count: 32)

    @Test func theHighestNumberIsWrittenUnder() throws {
        let keys = try VaultKeys(parsing: "# of the ministry\n\n\(Self.two)  # since May\n\t\(Self.one)\r\n")
        #expect(keys.current == 2)
        #expect(keys.keys[1]?.count == 32 && keys.keys[2]?.first == 0xB2)
    }

    @Test(
        "A wrong line is named, and what stands in it is not told",
        arguments: [
            ("", "there is no key"), ("1 abcd", "line 1"), ("0 " + String(repeating: "a1", count: 32), "line 1"),
            ("\(one)\n\(one)", "line 2: there is a key 1"),
            ("\(one)\nx \(String(repeating: "a1", count: 32))", "line 2"),
            ("1 " + String(repeating: "g1", count: 32), "line 1"), ("\(one) \(one)", "line 1"),
        ]
    )
    func wrong(text: String, fault: String) {
        do throws(StoreError) {
            _ = try VaultKeys(parsing: text)
            Issue.record("\(text) was taken")
        } catch {
            #expect("\(error)".contains(fault))
            #expect(!"\(error)".contains("a1a1") && !"\(error)".contains("abcd"))
        }
    }

    @Test func keysAreAddedAndNeverChanged() throws {
        let vault = Vault(try VaultKeys(parsing: Self.one))
        try vault.replace(try VaultKeys(parsing: Self.two))
        #expect(vault.current == 2)
        #expect(vault.key(1) != nil, "what is sealed under a key that is gone must stay readable")
        #expect(throws: StoreError.self) { try vault.replace(try VaultKeys(parsing: Self.one)) }
        #expect(throws: StoreError.self) {
            try vault.replace(try VaultKeys(parsing: "2 " + String(repeating: "cc", count: 32)))
        }
        #expect(vault.current == 2)
    }

    @Test func noNonceIsUsedTwice() throws {
        let vault = Vault(try VaultKeys(parsing: Self.one))
        var nonces: Set<[UInt8]> = []
        var count = 0
        for _ in 0..<20 {
            let sealer = Sealer(vault)
            for _ in 0..<5_000 {
                var place = [UInt8](repeating: 0, count: SealedBytes.overhead + 3)
                place.withUnsafeMutableBytes { place in
                    [1, 2, 3].withBytes { text in [].withBytes { sealer.seal(text, .proof, bound: $0, into: place) } }
                }
                nonces.insert(Array(place[4..<16]))
                count += 1
            }
        }
        #expect(nonces.count == count)
    }

    @Test func aSourceDrawsAnewBeforeItsCounterRunsOver() {
        var source = NonceSource()
        var other = NonceSource()
        let first = source.take()
        #expect(first.prefix != other.take().prefix, "two processes draw for themselves")
        var last = first
        for _ in 0..<(UInt32.max / NonceSource.blockCount) {
            let next = source.take()
            guard next.prefix == last.prefix else {
                #expect(next.counters == first.counters)
                return
            }
            #expect(next.counters.lowerBound == last.counters.upperBound)
            last = next
        }
        let next = source.take()
        #expect(next.prefix != first.prefix && next.counters == first.counters)
    }
}

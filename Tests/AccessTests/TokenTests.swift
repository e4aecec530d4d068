import OpenSSL
import Testing

@testable import Access

@Suite("Tokens")
struct TokenTests {
    private let issuer = TokenIssuer(issuer: "https://id.example", audiences: ["registry"], keys: "keys.json")
    private let now = 1_800_000_000

    private func keys(_ key: String = TokenVectors.rsaKey) throws -> KeySet {
        try KeySet(jwks: Array("{\"keys\":[\(key)]}".utf8))
    }

    private func fault(_ text: String, _ issuer: TokenIssuer? = nil, at now: Int? = nil) -> TokenFault? {
        do {
            _ = try SignedToken(parsing: text).verified(by: issuer ?? self.issuer, keys(), now: now ?? self.now)
            return nil
        } catch let fault as TokenFault {
            return fault
        } catch {
            return .malformed
        }
    }

    private static func encoded(_ text: String) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
        var result = ""
        var (bits, count) = (0, 0)
        for byte in text.utf8 {
            bits = (bits << 8 | Int(byte)) & 0xFFFF
            count += 8
            while count >= 6 {
                count -= 6
                result.append(alphabet[bits >> count & 63])
            }
        }
        if count > 0 { result.append(alphabet[bits << (6 - count) & 63]) }
        return result
    }

    @Test(
        "What another library signed is believed, with what it says",
        arguments: [TokenVectors.rs256, TokenVectors.ps256]
    )
    func believed(text: String) throws {
        let claims = try SignedToken(parsing: text).verified(by: issuer, keys(), now: now)
        #expect(claims.client == "clinic-7")
        #expect(claims.id == "t-1")
        #expect(claims.user.name == "Dr. Akello")
        #expect(claims.user.purposes == ["TREAT"])
        #expect(claims.scopes.covers(.reading("rs")))
        #expect(!claims.scopes.covers(.writing("c")))
    }

    @Test("RFC 7515 A.3: a signature on P-256 is right; that example names no audience")
    func p256() throws {
        let joe = TokenIssuer(issuer: "joe", audiences: ["registry"], keys: "")
        let token = try SignedToken(parsing: TokenVectors.es256)
        #expect(throws: TokenFault.audience) {
            try token.verified(by: joe, try keys(TokenVectors.p256Key), now: 1_300_819_000)
        }
        #expect(throws: TokenFault.key) { try token.verified(by: joe, try keys(), now: 1_300_819_000) }
    }

    @Test("A point is taken with and without the zeros that a coordinate begins with")
    func zeros() throws {
        let y = "zOgUL3bc5XjjrjcpEzUF6REqMYzKuzXgNY_Rq3XDKaU"
        for x in ["ADSIZQFq3anqr1JzcUr71WsyY6MZEAjMR8qNRatBAac", "NIhlAWrdqeqvUnNxSvvVazJjoxkQCMxHyo1Fq0EBpw"] {
            let key = "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"\(x)\",\"y\":\"\(y)\"}"
            #expect(try keys(key).count == 1)
        }
    }

    @Test("RFC 8037 A.4: a signature of Ed25519 is right")
    func ed25519() throws {
        let key = try #require(try keys(TokenVectors.ed25519Key).entries.first?.key)
        let signature = try #require(Base64URL.decode(TokenVectors.edSignature))
        #expect(key.verifies(signature, of: Array(TokenVectors.edMessage.utf8), .edDSA))
        #expect(!key.verifies(signature, of: Array("other".utf8), .edDSA))
    }

    @Test("A signature is worth nothing when any of its characters, or of what it signs, is another one")
    func forged() {
        let characters = Array(TokenVectors.rs256)
        for place in stride(from: 0, to: characters.count, by: 7) where characters[place] != "." {
            var other = characters
            other[place] = characters[place] == "A" ? "B" : "A"
            #expect(fault(String(other)) != nil, "character \(place)")
        }
    }

    @Test("A token without a signature, or signed with the public key as a secret, is refused")
    func confused() {
        let body = TokenVectors.rs256.split(separator: ".")[1]
        for name in ["none", "None", "HS256", "HS384", "HS512", "RS1", ""] {
            let header = Self.encoded("{\"alg\":\"\(name)\",\"kid\":\"r1\"}")
            #expect(fault("\(header).\(body).") == .algorithm)
            #expect(fault("\(header).\(body).AAAA") == .algorithm)
        }
        let modulus = Array("any".utf8)
        let mac = Digest.hmacSHA256(Array("x".utf8), key: modulus)
        #expect(mac.count == 32)
    }

    @Test("A token of one padding is not taken for the other, and an algorithm that is not wanted not at all")
    func algorithms() throws {
        let parts = TokenVectors.rs256.split(separator: ".")
        let header = Self.encoded("{\"alg\":\"PS256\",\"kid\":\"r1\"}")
        #expect(fault("\(header).\(parts[1]).\(parts[2])") == .signature)
        var strict = issuer
        strict.algorithms = [.es256]
        #expect(fault(TokenVectors.rs256, strict) == .algorithm)
    }

    @Test("Times and audience count, with the skew that is allowed and not a second more")
    func times() {
        #expect(fault(TokenVectors.rs256, at: 2_000_000_059) == nil)
        #expect(fault(TokenVectors.rs256, at: 2_000_000_060) == .expired)
        #expect(fault(TokenVectors.rs256, at: 1_699_999_940) == nil)
        #expect(fault(TokenVectors.rs256, at: 1_699_999_939) == .early)
        var other = issuer
        other.audiences = ["another"]
        #expect(fault(TokenVectors.rs256, other) == .audience)
        other.issuer = "https://evil.example"
        #expect(fault(TokenVectors.rs256, other) == .issuer)
    }

    @Test("A key that the token does not name is not tried")
    func keyID() throws {
        let token = try SignedToken(parsing: TokenVectors.rs256)
        let renamed = try keys(TokenVectors.rsaKey.replacing("\"r1\"", with: "\"r2\""))
        #expect(throws: TokenFault.key) { try token.verified(by: issuer, renamed, now: now) }
    }

    @Test("What is no token at all is refused without a trap")
    func rubbish() {
        let texts = [
            "", ".", "..", "...", "a.b.c", "🙂.🙂.🙂", String(repeating: "A", count: 20_000), "e30.e30.e30", "e30.W10.AA",
        ]
        for text in texts { #expect(fault(text) != nil) }
    }
}

internal import JSON
internal import OpenSSL

/// The public keys of an issuer (RFC 7517).
public struct KeySet: Sendable {
    /// A key with what its set says of it.
    struct Entry: Sendable {
        let id: String
        /// The only algorithm that it is for; `nil`: any that fits.
        let algorithm: String?
        let key: PublicKey
    }

    let entries: [Entry]

    /// Most keys: an issuer has a handful.
    public static let limit = 64

    /// Why a set cannot be used.
    public struct Fault: Error, Sendable, Hashable {
        /// What was wrong.
        public let reason: String

        /// A fault.
        public init(reason: String) { self.reason = reason }
    }

    /// How many keys there are.
    public var count: Int { entries.count }

    /// Reads a JSON Web Key Set; keys that do not verify signatures, and kinds that nobody knows, are passed over.
    ///
    /// - Throws: a fault where it is none, or holds no key that can be used.
    public init(jwks bytes: [UInt8]) throws(Fault) {
        let value: JSONValue
        do throws(JSONError) {
            value = try JSONValue(parsing: bytes.span.bytes)
        } catch {
            throw Fault(reason: "not JSON")
        }
        guard let keys = value["keys"]?.array else { throw Fault(reason: "no `keys`") }
        guard keys.count <= Self.limit else { throw Fault(reason: "more than \(Self.limit) keys") }
        entries = keys.compactMap { Self.entry($0) }
        guard !entries.isEmpty else { throw Fault(reason: "no key that can be used") }
    }

    private static func entry(_ value: JSONValue) -> Entry? {
        if let use = value["use"]?.string, use != "sig" { return nil }
        if let operations = value["key_ops"]?.array, !operations.contains(where: { $0.string == "verify" }) {
            return nil
        }
        func number(_ name: String) -> [UInt8]? { value[name]?.string.flatMap { Base64URL.decode($0) } }
        do throws(OpenSSLError) {
            let key: PublicKey
            switch (value["kty"]?.string, value["crv"]?.string) {
            case ("RSA", _):
                guard let modulus = number("n"), let exponent = number("e") else { return nil }
                key = try PublicKey(modulus: modulus, exponent: exponent)
            case ("EC", let name?):
                guard let curve = PublicKey.Curve(rawValue: name), let x = number("x"), let y = number("y") else {
                    return nil
                }
                key = try PublicKey(curve: curve, x: x, y: y)
            case ("OKP", "Ed25519"):
                guard let x = number("x") else { return nil }
                key = try PublicKey(ed25519: x)
            default: return nil
            }
            return Entry(id: value["kid"]?.string ?? "", algorithm: value["alg"]?.string, key: key)
        } catch {
            return nil
        }
    }

    /// The keys that may have made a signature: those of the id where the token names one, else all that fit.
    func candidates(_ id: String?, _ algorithm: SignatureAlgorithm) -> [PublicKey] {
        entries.filter { entry in
            (id == nil || entry.id == id) && algorithm.fits(entry.key.kind)
                && entry.algorithm.map { $0 == algorithm.rawValue } ?? true
        }.map(\.key)
    }

    /// Whether there is a key of that id.
    public func holds(_ id: String) -> Bool { entries.contains { $0.id == id } }
}

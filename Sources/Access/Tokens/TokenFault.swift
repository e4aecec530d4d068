/// Why a token is not believed; the words never hold any of it.
public enum TokenFault: String, Error, Sendable, Hashable {
    /// It is no signed web token in its compact form, or too long.
    case malformed = "not a signed JSON Web Token"
    /// It is not signed, or by a shared secret.
    case algorithm = "the signature's algorithm is not taken"
    /// Nobody knows who issued it.
    case issuer = "the issuer is not known"
    /// The key that it names is not among the issuer's.
    case key = "the issuer has no such key"
    /// The signature is not that of the issuer.
    case signature = "the signature is wrong"
    /// It has expired, or does not say when it does.
    case expired = "the token has expired"
    /// It is not valid yet.
    case early = "the token is not valid yet"
    /// It was made for somebody else.
    case audience = "the token is for another audience"
    /// A claim that is needed is missing or is not what it should be.
    case claims = "a claim is missing or malformed"
    /// It belongs to the holder of another certificate.
    case binding = "the token belongs to another certificate"
}

/// Something by which a client is recognised.
public enum ClientMark: Sendable, Hashable {
    /// The common name of its certificate.
    case commonName(String)
    /// The subject of its certificate in RFC 2253 form.
    case subject(String)
    /// One of the alternative names of its certificate: a DNS name, an e-mail address, a URI.
    case alternativeName(String)
    /// SHA-256 of its certificate's DER form, in lower-case hexadecimal digits.
    case fingerprint(String)
    /// The client of a token: its claim `client_id`, else `azp`, else `sub`.
    case token(String)
    /// What an HL7 v2 message says of its sender, `APPLICATION|FACILITY`: believed only on listed networks.
    case sender(String)
}

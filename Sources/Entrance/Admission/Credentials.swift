internal import Access
public import Transport

/// What somebody shows at the door.
public struct Credentials: Sendable {
    /// Where they are: an address without its port; empty where it is not known.
    public var address: String
    /// The client certificate that the connection proved.
    public var certificate: PeerInfo.Certificate?
    /// The header field `Authorization`.
    public var authorization: String?
    /// What an HL7 v2 message says of its sender, believed only on listed networks.
    public var sender: String?
    /// Why everything should be shown for once.
    public var breakGlass: String?

    /// Credentials of a connection.
    public init(_ peer: PeerInfo) {
        address = Self.host(of: peer.address)
        certificate = peer.certificate
    }

    /// Nothing is shown.
    public init() {
        address = ""
    }

    /// The address without the port, from `[IPv4]10.0.0.1/10.0.0.1:4711`, `10.0.0.1:4711` or `[fd00::1]:4711`.
    public static func host(of address: String) -> String {
        var text = address[...]
        if text.hasPrefix("[IPv4]") || text.hasPrefix("[IPv6]") { text = text.dropFirst(6) }
        if let slash = text.utf8.lastIndex(of: UInt8(ascii: "/")) { text = text[text.index(after: slash)...] }
        if text.hasPrefix("[") { return String(text.dropFirst().prefix { $0 != "]" }) }
        let mark = UInt8(ascii: ":")
        guard let colon = text.utf8.lastIndex(of: mark), text.utf8.firstIndex(of: mark) == colon else {
            // An address of version 6 without brackets has its port behind the last colon as well.
            guard let colon = text.utf8.lastIndex(of: mark), address.hasPrefix("[IPv6]") else { return String(text) }
            return String(text[..<colon])
        }
        return String(text[..<colon])
    }

    /// The marks that the certificate bears, the most exact first.
    var certificateMarks: [ClientMark] {
        guard let certificate else { return [] }
        return [.fingerprint(certificate.fingerprint), .subject(certificate.subject)]
            + certificate.alternativeNames.map { .alternativeName($0) }
            + (certificate.commonName.map { [.commonName($0)] } ?? [])
    }
}

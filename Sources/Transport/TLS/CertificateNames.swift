/// Names of which a peer's certificate must bear one.
///
///     let members = CertificateNames(["urn:tessera:coordinator"])
///     guard members.admits(head.peer) else { return .text(403, "no member\n") }
public struct CertificateNames: Sendable, Equatable {
    /// Common names, DNS names, e-mail addresses or URIs.
    public var names: Set<String>

    /// Names, any of which is enough.
    public init(_ names: some Sequence<String>) { self.names = Set(names) }

    /// Whether a peer has proved to hold a certificate that bears one of the names.
    public func admits(_ peer: PeerInfo) -> Bool {
        guard let certificate = peer.certificate else { return false }
        if let name = certificate.commonName, names.contains(name) { return true }
        return certificate.alternativeNames.contains { names.contains($0) }
    }
}

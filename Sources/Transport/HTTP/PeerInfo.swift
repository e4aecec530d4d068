/// Who is at the other end of a connection.
///
/// One value is made for a connection and shared by all of its requests: a copy is one retain.
public struct PeerInfo: Sendable {
    /// What a client certificate, once verified against the trusted authorities, says.
    public struct Certificate: Sendable, Equatable {
        /// The subject in RFC 2253 form: `CN=clinic-7,O=Ministry of Health,C=UG`.
        public var subject: String
        /// The common name of the subject; nil when it has none.
        public var commonName: String?
        /// The DNS names, e-mail addresses and URIs of the subject's alternative names.
        public var alternativeNames: [String]
        /// SHA-256 of the certificate's DER form: 64 lower-case hexadecimal digits.
        public var fingerprint: String

        /// A certificate's facts, as a test would write them.
        public init(subject: String, commonName: String?, alternativeNames: [String], fingerprint: String) {
            self.subject = subject
            self.commonName = commonName
            self.alternativeNames = alternativeNames
            self.fingerprint = fingerprint
        }
    }

    private final class Storage: Sendable {
        let address: String
        let isEncrypted: Bool
        let certificate: Certificate?

        init(address: String, isEncrypted: Bool, certificate: Certificate?) {
            self.address = address
            self.isEncrypted = isEncrypted
            self.certificate = certificate
        }
    }

    private let storage: Storage

    /// A peer at an address (`127.0.0.1:40112`), with the certificate that it proved to hold.
    public init(address: String, isEncrypted: Bool = false, certificate: Certificate? = nil) {
        storage = Storage(address: address, isEncrypted: isEncrypted, certificate: certificate)
    }

    /// The remote address and port as text.
    public var address: String { storage.address }

    /// Whether the connection is under TLS.
    public var isEncrypted: Bool { storage.isEncrypted }

    /// The verified client certificate; nil without TLS or when the client sent none.
    public var certificate: Certificate? { storage.certificate }
}

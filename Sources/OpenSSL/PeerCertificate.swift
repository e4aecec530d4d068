internal import COpenSSL

/// The facts of a certificate that decide who its holder is.
public struct PeerCertificate: Sendable, Equatable {
    /// The subject in RFC 2253 form: `CN=clinic-7,O=Ministry of Health,C=UG`.
    public let subject: String
    /// The subject's common name.
    public let commonName: String?
    /// DNS names, e-mail addresses and URIs among the subject's alternative names.
    public let alternativeNames: [String]
    /// SHA-256 of the DER form.
    public let fingerprint: [UInt8]

    init?(_ certificate: OpaquePointer) {
        guard let name = unsafe X509_get_subject_name(certificate) else { return nil }
        unsafe subject = Self.text(of: name)
        unsafe commonName = Self.commonName(of: name)
        unsafe alternativeNames = Self.alternativeNames(of: certificate)
        var digest = [UInt8](repeating: 0, count: Digest.length)
        guard unsafe X509_digest(certificate, EVP_sha256(), &digest, nil) == 1 else { return nil }
        fingerprint = digest
    }

    private static func text(of name: OpaquePointer) -> String {
        guard let memory = unsafe BIO_new(BIO_s_mem()) else { return "" }
        defer { unsafe BIO_free(memory) }
        unsafe tessera_X509_NAME_print(memory, name)
        var data: UnsafeMutablePointer<CChar>?
        let count = unsafe tessera_BIO_get_mem_data(memory, &data)
        guard count > 0, let data = unsafe data else { return "" }
        return unsafe String(decoding: UnsafeRawBufferPointer(start: data, count: count), as: UTF8.self)
    }

    private static func commonName(of name: OpaquePointer) -> String? {
        let index = unsafe X509_NAME_get_index_by_NID(name, NID_commonName, -1)
        guard index >= 0, let entry = unsafe X509_NAME_get_entry(name, index) else { return nil }
        return unsafe text(of: X509_NAME_ENTRY_get_data(entry))
    }

    private static func alternativeNames(of certificate: OpaquePointer) -> [String] {
        guard let raw = unsafe X509_get_ext_d2i(certificate, NID_subject_alt_name, nil, nil) else { return [] }
        let names = OpaquePointer(raw)
        defer { unsafe tessera_GENERAL_NAMES_free(names) }
        return (unsafe 0..<tessera_GENERAL_NAME_count(names)).compactMap { index in
            guard let name = unsafe tessera_GENERAL_NAME_at(names, index) else { return nil }
            switch unsafe tessera_GENERAL_NAME_kind(name) {
            case GEN_DNS, GEN_EMAIL, GEN_URI: return unsafe text(of: tessera_GENERAL_NAME_text(name))
            default: return nil
            }
        }
    }

    private static func text(of string: UnsafePointer<ASN1_STRING>?) -> String? {
        var utf8: UnsafeMutablePointer<UInt8>?
        let count = unsafe ASN1_STRING_to_UTF8(&utf8, string)
        guard count >= 0, unsafe utf8 != nil else { return nil }
        defer { unsafe CRYPTO_free(utf8, "", 0) }
        return unsafe String(decoding: UnsafeBufferPointer(start: utf8, count: Int(count)), as: UTF8.self)
    }
}

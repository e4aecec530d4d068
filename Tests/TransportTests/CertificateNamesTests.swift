import Testing
import Transport

/// Who of those that show a certificate is meant.
@Suite("Names in certificates")
struct CertificateNamesTests {
    private let names = CertificateNames(["urn:tessera:coordinator", "coordinator-1.example"])

    private func peer(_ commonName: String?, _ alternatives: [String]) -> PeerInfo {
        PeerInfo(
            address: "10.0.0.7:40112",
            isEncrypted: true,
            certificate: PeerInfo.Certificate(
                subject: "CN=\(commonName ?? "")",
                commonName: commonName,
                alternativeNames: alternatives,
                fingerprint: ""
            )
        )
    }

    @Test("A name counts as common name and among the alternative names, and only whole")
    func bears() {
        #expect(names.admits(peer("coordinator-1.example", [])))
        #expect(names.admits(peer(nil, ["10.0.0.7", "urn:tessera:coordinator"])))
        #expect(!names.admits(peer("coordinator-1.example.org", ["urn:tessera:coordinator:2"])))
        #expect(!names.admits(peer("shard-1", ["urn:tessera:shard"])))
    }

    @Test("Without a certificate nobody is meant, and no names mean nobody")
    func nobody() {
        #expect(!names.admits(PeerInfo(address: "10.0.0.7:40112", isEncrypted: true)))
        #expect(!CertificateNames([String]()).admits(peer("a", ["b"])))
    }
}

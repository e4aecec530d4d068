import Transport

/// How the processes of one cluster prove to each other that they belong to it.
///
/// Each shows a certificate of the cluster's own authority. What is asked of shards and of leaders is taken from those
/// alone whose certificate bears a coordinator's name: a shard's certificate does not open another shard.
struct MemberTLS: Equatable {
    /// What a coordinator's certificate bears among its alternative names where an operator names nothing else.
    static let coordinatorRole = "urn:tessera:coordinator"

    var certificate: String
    var key: String
    var authorities: String
    /// The names that a coordinator's certificate must bear one of.
    var coordinators: CertificateNames

    /// For the doors of shards and of coordinators to each other.
    ///
    /// A certificate is asked for and not demanded: whether a process lives may be asked without one.
    var server: TLSServerConfiguration {
        TLSServerConfiguration(
            certificatePath: certificate,
            keyPath: key,
            clientAuthoritiesPath: authorities,
            clientVerification: .optional
        )
    }

    /// For whoever knocks there.
    var client: TLSClientConfiguration {
        TLSClientConfiguration(authoritiesPath: authorities, certificatePath: certificate, keyPath: key)
    }
}

extension ConfigurationFile {
    /// The keys `cluster_tls_certificate`, `cluster_tls_key`, `cluster_tls_authorities` and `cluster_tls_coordinators`
    /// (names, parted by blanks); `nil` without them.
    mutating func memberTLS() -> MemberTLS? {
        let certificate = string("cluster_tls_certificate")
        let key = string("cluster_tls_key")
        let authorities = string("cluster_tls_authorities")
        let names = string("cluster_tls_coordinators")
        guard let certificate, let key, let authorities else {
            if certificate != nil || key != nil || authorities != nil || names != nil {
                fault("`cluster_tls_certificate`, `cluster_tls_key` and `cluster_tls_authorities` go together")
            }
            return nil
        }
        let coordinators = names?.split(separator: " ").map(String.init) ?? [MemberTLS.coordinatorRole]
        return MemberTLS(
            certificate: certificate,
            key: key,
            authorities: authorities,
            coordinators: CertificateNames(coordinators)
        )
    }

    /// The key `trusted_network`, and the address that other members reach this process at.
    ///
    /// Off loopback a door that asks nobody who they are gives every record to whoever reaches it: that has to be said.
    mutating func memberDoor(_ address: ListenAddress?, _ key: String, _ tls: MemberTLS?) {
        let isTrusted = flag("trusted_network")
        guard let address, tls == nil, !isTrusted, !address.isLoopback else { return }
        fault(
            "`\(key)` \(address) can be reached by others, and nothing says who belongs to the cluster: give"
                + " `cluster_tls_certificate`, `cluster_tls_key` and `cluster_tls_authorities`, or say"
                + " `trusted_network: true` where a firewall lets members alone reach it"
        )
    }
}

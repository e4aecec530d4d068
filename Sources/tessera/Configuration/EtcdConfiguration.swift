import Foundation
import Transport

/// Where etcd is, and who to be there.
struct EtcdConfiguration {
    /// Its members.
    var members: [ListenAddress]
    /// What the keys of this cluster begin with.
    var prefix: String
    var user: String?
    var passwordFile: String?
    var tls: TLSClientConfiguration?
    /// How long a leader may be silent; two seconds is the least that etcd grants.
    var leaseSeconds: Int

    /// The password: the first line of its file.
    ///
    /// - Throws: `ConfigurationFile.Faults`.
    func password() throws -> String? {
        guard let passwordFile else { return nil }
        guard let text = try? String(contentsOfFile: passwordFile, encoding: .utf8) else {
            throw ConfigurationFile.Faults(path: passwordFile, faults: ["cannot be read"])
        }
        return text.split(separator: "\n").first.map(String.init) ?? ""
    }
}

extension ConfigurationFile {
    /// Terms that are shorter than etcd grants, or so long that a failover is no failover any more.
    private static let leaseRange = 2...60

    /// The keys `etcd` (addresses of members, parted by blanks), `etcd_prefix`, `etcd_user`, `etcd_password_file`,
    /// `etcd_authorities`, `etcd_certificate`, `etcd_key` and `lease_seconds`; `nil` without `etcd`.
    mutating func etcd() -> EtcdConfiguration? {
        let text = string("etcd")
        let prefix = string("etcd_prefix") ?? "/tessera/"
        let (user, passwordFile) = (string("etcd_user"), string("etcd_password_file"))
        let authorities = string("etcd_authorities")
        let (certificate, key) = (string("etcd_certificate"), string("etcd_key"))
        let lease = integer("lease_seconds") ?? 2
        if (user == nil) != (passwordFile == nil) { fault("`etcd_user` and `etcd_password_file` go together") }
        if (certificate == nil) != (key == nil) { fault("`etcd_certificate` and `etcd_key` go together") }
        if certificate != nil, authorities == nil { fault("`etcd_certificate` needs `etcd_authorities`") }
        if !Self.leaseRange.contains(lease) {
            fault("`lease_seconds` must be \(Self.leaseRange.lowerBound) to \(Self.leaseRange.upperBound)")
        }
        guard let text else { return nil }
        let members = text.split(separator: " ").map { ListenAddress(String($0)) }
        if members.isEmpty || members.contains(where: { $0 == nil }) {
            fault("`etcd` must be HOST:PORT of each member, parted by blanks")
        }
        return EtcdConfiguration(
            members: members.compactMap { $0 },
            prefix: prefix.hasSuffix("/") ? prefix : prefix + "/",
            user: user,
            passwordFile: passwordFile,
            tls: authorities.map {
                TLSClientConfiguration(authoritiesPath: $0, certificatePath: certificate, keyPath: key)
            },
            leaseSeconds: lease
        )
    }
}

import HL7Door
import Logging
import Topology
import Transport

/// What a coordinator is told by its configuration file.
struct CoordinatorConfiguration {
    var name: String
    var listen: ListenAddress
    var data: String
    /// The map that a new cluster begins with, from `shards`.
    var seed: ClusterMap
    /// The members of etcd; the control plane is a file in `data` where it is `nil`.
    var etcd: EtcdConfiguration?
    /// Where other coordinators reach this one; needed with etcd.
    var peer: ListenAddress?
    /// How members of the cluster prove that they are; `nil`: they are believed.
    var members: MemberTLS?
    /// A rule file; the built-in rules where it is `nil`.
    var rules: String?
    /// A file of assigning authorities; every system is a domain of its own where it is `nil`.
    var authorities: String?
    /// What an operator chose about the FHIR door.
    var fhir: FHIROptions
    /// The door of HL7 v2; none where it is `nil`.
    var mllp: MLLPDoor?
    /// A file of consumers of update notifications; there are none where it is `nil`.
    var mllpConsumers: String?
    /// Where backups are kept.
    var backups: String
    /// What an operator settled about stewards.
    var stewards: StewardOptions
    /// Who may enter, and what is remembered.
    var guards: GuardOptions
    var logLevel: Logger.Level

    /// Reads and checks a file.
    ///
    /// - Throws: `ConfigurationFile.Faults`, all at once.
    init(path: String) throws {
        var file = try ConfigurationFile(path: path)
        let name = file.require(file.string("name"), "name")
        let listen = file.require(file.address("listen"), "listen")
        let data = file.require(file.string("data"), "data")
        etcd = file.etcd()
        peer = file.address("peer")
        if (etcd == nil) != (peer == nil) { file.fault("`etcd` and `peer` go together") }
        members = file.memberTLS()
        file.memberDoor(peer, "peer", members)
        rules = file.string("rules")
        authorities = file.string("authorities")
        fhir = file.fhir()
        mllp = CoordinatorConfiguration.mllp(&file)
        mllpConsumers = file.string("mllp_consumers")
        backups = file.string("backups") ?? "\(data ?? "")/backups"
        stewards = file.stewards()
        guards = file.guards()
        logLevel = file.logLevel()
        let seed = file.clusterSeed()
        try file.finish()
        guard let name, let listen, let data, let seed else {
            throw ConfigurationFile.Faults(path: path, faults: file.faults)
        }
        self.name = name
        self.listen = listen
        self.data = data
        self.seed = seed
    }

    /// Says which shards are asked over a network in words that others can read and change.
    func warnOfClearText(_ map: ClusterMap, _ logger: Logger) {
        guard members == nil else { return }
        let replicas = map.groups.flatMap(\.replicas)
        let far = replicas.filter { ListenAddress($0.address).map { !$0.isLoopback } ?? false }
        guard !far.isEmpty else { return }
        logger.warning(
            "SHARDS ARE ASKED IN CLEAR TEXT, and believed to be who they say",
            metadata: ["shards": "\(far.map(\.name).joined(separator: " "))", "remedy": "cluster_tls_certificate"]
        )
    }

    /// The keys `mllp`, `mllp_certificate`, `mllp_key`, `mllp_client_authorities` and `mllp_profile`.
    private static func mllp(_ file: inout ConfigurationFile) -> MLLPDoor? {
        let listen = file.address("mllp")
        let (certificate, key) = (file.string("mllp_certificate"), file.string("mllp_key"))
        let authorities = file.string("mllp_client_authorities")
        let name = file.string("mllp_profile")
        if (certificate == nil) != (key == nil) { file.fault("`mllp_certificate` and `mllp_key` go together") }
        if certificate == nil, authorities != nil {
            file.fault("`mllp_client_authorities` needs `mllp_certificate`")
        }
        let profile = name.map(HL7DoorSettings.Profile.init(rawValue:)) ?? .ihe
        if profile == nil { file.fault("`mllp_profile` must be ihe or openhie") }
        guard let listen else { return nil }
        var door = MLLPDoor(
            listen: listen,
            tls: TLSServerConfiguration(certificate, key, authorities: authorities, .required)
        )
        door.settings.profile = profile ?? .ihe
        return door
    }
}

import Coordinator
import Foundation
import Gateway
import Testing
import Topology
import Transport

@testable import tessera

/// What a coordinator is told by its configuration file.
@Suite("Configuration of a coordinator")
struct CoordinatorConfigurationTests {
    private static let head = """
        version: 1
        name: coordinator-1
        listen: 127.0.0.1:8080
        data: "/var/lib/tessera/coordinator-1"

        """
    private static let shards = """
        shards:
          - { name: shard-1, address: 127.0.0.1:8081 }

        """

    private func read(_ text: String) throws -> CoordinatorConfiguration {
        let path = FileManager.default.temporaryDirectory.appending(path: "coordinator-\(UUID()).yaml").path
        try text.write(toFile: path, atomically: false, encoding: .utf8)
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try CoordinatorConfiguration(path: path)
    }

    private func faults(_ text: String) -> String {
        do {
            _ = try read(text)
            return ""
        } catch {
            return "\(error)"
        }
    }

    @Test("Shards alone and shards of replicas begin the map")
    func seed() throws {
        let configuration = try read(
            Self.head + Self.shards + """
                  - name: shard-2
                    minimum_in_sync: 2
                    replicas:
                      - { name: shard-2a, address: "10.0.0.2:8081" }
                      - { name: shard-2b, address: "[fd00::2]:8081" }
                """
        )
        #expect(configuration.etcd == nil && configuration.peer == nil)
        #expect(configuration.seed.version == 1)
        #expect(configuration.seed.groups.map(\.minimumInSync) == [1, 2])
        #expect(
            configuration.seed.groups.map { $0.replicas.map { "\($0.name) \($0.address)" } } == [
                ["shard-1 127.0.0.1:8081"], ["shard-2a 10.0.0.2:8081", "shard-2b [fd00::2]:8081"],
            ]
        )
    }

    @Test("A short file leaves every choice at its default, and each can be laid on the doors")
    func defaults() throws {
        let configuration = try read(Self.head + Self.shards)
        var doors = GatewayConfiguration()
        var limits = CoordinatorLimits()
        configuration.fhir.apply(to: &doors, isGuarded: true)
        configuration.stewards.apply(to: &doors)
        configuration.stewards.apply(to: &limits)
        #expect(doors.fourEyesFrom == 0 && !doors.speaksOpenCR)
        #expect(limits.stewards.overlay == nil)
    }

    @Test(
        "What is wrong with shards is told with its place",
        arguments: [
            ("shards: []", "`shards` must name 1 to"),
            ("shards:\n  - { name: a }", "`shards[0].address` must be HOST:PORT"),
            ("shards:\n  - { address: 'h:1' }", "`shards[0].name` is missing"),
            ("shards:\n  - { name: a, address: 'h:1', size: 3 }", "`shards[0].size` is not known"),
            ("shards:\n  - { name: a, address: 'h:1', replicas: [] }", "both `address` and `replicas`"),
            ("shards:\n  - { name: a, replicas: [] }", "must have 1 to 9 replicas"),
            ("shards:\n  - { name: a, replicas: [{ name: b }] }", "`shards[0].replicas[0].address` must be"),
            ("shards:\n  - { name: a, address: 'h:1' }\n  - { name: a, address: 'h:2' }", "two replicas are called a"),
            ("shards:\n  - { name: a, address: 'h:1', minimum_in_sync: 2 }", "wants 2 replicas in sync"),
        ]
    )
    func wrongShards(text: String, fault: String) {
        #expect(faults(Self.head + text).contains(fault))
    }

    @Test("etcd is told by its members")
    func etcd() throws {
        let configuration = try read(
            Self.head + Self.shards + """
                etcd: "10.0.0.1:2379 10.0.0.2:2379"
                peer: 10.0.0.9:7080
                etcd_prefix: /tessera/national
                etcd_authorities: /etc/tessera/ca.pem
                lease_seconds: 5
                trusted_network: true
                """
        )
        let etcd = try #require(configuration.etcd)
        #expect(etcd.members.map(\.description) == ["10.0.0.1:2379", "10.0.0.2:2379"])
        #expect(etcd.prefix == "/tessera/national/")
        #expect(etcd.tls?.authoritiesPath == "/etc/tessera/ca.pem" && etcd.tls?.certificatePath == nil)
        #expect(etcd.leaseSeconds == 5 && etcd.user == nil)
        #expect(configuration.peer?.description == "10.0.0.9:7080")
    }

    @Test(
        "What is wrong with etcd is told",
        arguments: [
            ("etcd: \"h:1\"", "`etcd` and `peer` go together"), ("peer: h:1", "`etcd` and `peer` go together"),
            ("etcd: \"h\"\npeer: h:1", "`etcd` must be HOST:PORT of each member"),
            ("etcd: \"h:1\"\npeer: h:2\nlease_seconds: 1", "`lease_seconds` must be 2 to 60"),
            ("etcd: \"h:1\"\npeer: h:2\netcd_user: a", "`etcd_user` and `etcd_password_file` go together"),
            ("etcd: \"h:1\"\npeer: h:2\netcd_key: a", "`etcd_certificate` and `etcd_key` go together"),
            (
                "etcd: \"h:1\"\npeer: h:2\netcd_key: a\netcd_certificate: b",
                "`etcd_certificate` needs `etcd_authorities`"
            ),
        ]
    )
    func wrongEtcd(text: String, fault: String) {
        #expect(faults(Self.head + Self.shards + text).contains(fault))
    }

    @Test("A coordinator's inner door off loopback asks for certificates, or is said to need none")
    func innerDoor() throws {
        let open = Self.head + Self.shards + "etcd: \"h:1\"\npeer: 10.0.0.9:7080\n"
        #expect(faults(open).contains("`peer` 10.0.0.9:7080 can be reached by others"))
        #expect(faults(open + "trusted_network: true\n").isEmpty)
        let files = "cluster_tls_certificate: a.pem\ncluster_tls_key: a.key\ncluster_tls_authorities: ca.pem\n"
        let members = try #require(try read(open + files).members)
        #expect(members.coordinators == CertificateNames(["urn:tessera:coordinator"]))
        #expect(members.server.clientVerification == .optional && members.client.certificatePath == "a.pem")
        let named = try read(open + files + "cluster_tls_coordinators: a.example b.example\n")
        #expect(named.members?.coordinators == CertificateNames(["a.example", "b.example"]))
        #expect(faults(Self.head + Self.shards + "cluster_tls_key: a.key\n").contains("go together"))
        #expect(try read(Self.head + Self.shards).members == nil)
    }
}

import Etcd
import Foundation
import Identifiers
import Locks
import Testing
import Topology
import Transport

@testable import ControlPlane

/// Against real members of etcd; skipped where it is not installed (`Tests/run` installs it).
@Suite(.enabled(if: EtcdProcesses.isInstalled), .serialized)
struct EtcdControlPlaneTests {
    /// A clock that the test moves by hand, over the real one.
    final class Clock: Sendable {
        private let start = ContinuousClock.now
        private let ahead = Mutex(Duration.zero)

        func now() -> Duration { ContinuousClock.now - start + ahead.withLock { $0 } }
        func jump(_ by: Duration) { ahead.withLock { $0 += by } }
    }

    private func seed() throws -> ClusterMap {
        try ClusterMap(
            evenly: (0..<3).map {
                ShardGroup(id: ShardID(UInt16($0)), replicas: [Replica(name: "shard-\($0 + 1)", address: "h:\($0)")])
            }
        )
    }

    private func plane(
        _ client: EtcdClient,
        _ name: String,
        seed: ClusterMap? = nil,
        clock: Clock = Clock()
    ) -> EtcdControlPlane {
        EtcdControlPlane(
            etcd: client,
            keys: EtcdKeySpace(prefix: "/tessera/test/"),
            identity: Leader(name: name, address: "\(name):1", epoch: nil),
            seed: seed,
            leaseTime: .seconds(2),
            clock: { clock.now() }
        )
    }

    /// Runs a body beside the upkeep of some planes.
    private func withUpkeep(
        _ planes: [EtcdControlPlane],
        _ body: @Sendable @escaping () async throws -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            for plane in planes { tasks.addTask { await plane.run() } }
            try await body()
            tasks.cancelAll()
        }
    }

    @Test func epochsGoFromOneLeaderToTheNext() async throws {
        let etcd = try EtcdProcesses(members: 1)
        let client = try await etcd.client()
        let (first, second) = (plane(client, "a"), plane(client, "b"))
        try await withUpkeep([first, second]) {
            let one = try await first.beginEpoch()
            #expect(one == Epoch(1))
            #expect(first.holds(one) && !first.holds(Epoch(2)))
            async let next = second.beginEpoch()
            // A leader may begin again, such as after an error; the other one goes on waiting.
            let two = try await first.beginEpoch()
            #expect(two == Epoch(2))
            #expect(!first.holds(one))
            while second.leader()?.epoch != two { try await Task.sleep(for: .milliseconds(10)) }
            #expect(second.leader() == Leader(name: "a", address: "a:1", epoch: two))
            await first.resign(two)
            #expect(try await next == Epoch(3))
            #expect(!first.holds(two) && second.holds(Epoch(3)))
        }
    }

    @Test func aLeaderThatIsSilentStopsBeforeTheNextBegins() async throws {
        let etcd = try EtcdProcesses(members: 1)
        let client = try await etcd.client()
        let clock = Clock()
        let (first, second) = (plane(client, "a", clock: clock), plane(client, "b"))
        // No upkeep for the first one: its lease runs out.
        let one = try await first.beginEpoch()
        let heldWhenTheOtherBegan = Mutex<Bool?>(nil)
        try await withUpkeep([second]) {
            let two = try await second.beginEpoch()
            heldWhenTheOtherBegan.withLock { $0 = first.holds(one) }
            #expect(two == Epoch(2))
        }
        #expect(heldWhenTheOtherBegan.withLock { $0 } == false)
    }

    @Test func aLeaderThatIsStartedAgainWaitsForNobody() async throws {
        let etcd = try EtcdProcesses(members: 1)
        let client = try await etcd.client()
        let (former, next, other) = (plane(client, "a"), plane(client, "a"), plane(client, "b"))
        try await withUpkeep([former, next, other]) {
            let one = try await former.beginEpoch()
            // The lease of the former one never ends here: whoever waits for it waits for ever.
            let two = try await next.beginEpoch()
            #expect(two == Epoch(2) && next.holds(two))
            // Were it alive, it would learn that its reign is over.
            while former.holds(one) { try await Task.sleep(for: .milliseconds(10)) }
            while other.leader()?.epoch != two { try await Task.sleep(for: .milliseconds(10)) }
            // Once only: two nodes of one name do not go on deposing each other.
            async let third = former.beginEpoch()
            async let told: Void = {
                try await Task.sleep(for: .milliseconds(200))
                #expect(next.holds(two))
                await next.resign(two)
            }()
            #expect(try await third == Epoch(3))
            try await told
        }
    }

    @Test func aLeaderGoesByItsOwnClock() async throws {
        let etcd = try EtcdProcesses(members: 1)
        let client = try await etcd.client()
        let clock = Clock()
        let only = plane(client, "a", clock: clock)
        let epoch = try await only.beginEpoch()
        #expect(only.holds(epoch))
        clock.jump(.seconds(3))
        #expect(!only.holds(epoch))
    }

    @Test func mapsAreReplacedByWhoeverKnewTheLast() async throws {
        let etcd = try EtcdProcesses(members: 1)
        let client = try await etcd.client()
        let map = try seed()
        let (first, second) = (plane(client, "a", seed: map), plane(client, "b", seed: map))
        try await withUpkeep([first, second]) {
            let stored = try await first.clusterMap()
            #expect(try await second.clusterMap() == stored)
            var maps = second.changes().makeAsyncIterator()
            #expect(await maps.next() == stored)
            let next = try stored.map.changing { $0.groups[0].replicas[0].address = "elsewhere:1" }
            let revision = try await first.replace(next, expecting: stored.revision)
            #expect(await maps.next() == StoredMap(map: next, revision: revision))
            let other = try stored.map.changing { $0.groups[1].replicas[0].address = "elsewhere:2" }
            await #expect(throws: TopologyError.conflict) {
                try await second.replace(other, expecting: stored.revision)
            }
            let leap = try next.changing { _ in }.changing { _ in }
            await #expect(throws: TopologyError.self) { try await second.replace(leap, expecting: revision) }
        }
    }

    @Test func aWatchSurvivesCompaction() async throws {
        let etcd = try EtcdProcesses(members: 1)
        let client = try await etcd.client()
        var last: EtcdTransaction.Outcome?
        for number in 0..<5 {
            let put = EtcdTransaction(steps: [.put("/w/a", [UInt8(number)], lease: 0)])
            last = try await client.perform(put)
        }
        let revision = try #require(last).revision
        _ = try etcd.control(["compact", "\(revision)"])
        var old = try await client.watch(.prefix("/w/"), from: revision - 3)
        await #expect(throws: EtcdError.compacted(revision)) { _ = try await old.next() }
        var fresh = try await client.watch(.prefix("/w/"), from: revision)
        #expect(try await fresh.next().events.map(\.row.value) == [[4]])
    }

    @Test func aMemberMayGoAndComeBack() async throws {
        let etcd = try EtcdProcesses(members: 3)
        let client = try await etcd.client()
        let map = try seed()
        let first = plane(client, "a", seed: map)
        try await withUpkeep([first]) {
            let stored = try await first.clusterMap()
            var maps = first.changes().makeAsyncIterator()
            #expect(await maps.next() == stored)
        }
        for member in 0..<3 {
            etcd.signal(member, SIGKILL)
            #expect(try await Self.retried { try await first.clusterMap().map } == map)
            try etcd.start(member)
            _ = try await Self.retried { try await client.perform(EtcdTransaction(steps: [.put("/x", [], lease: 0)])) }
        }
        // Without a majority nothing can be read or decided; with it back everything is as it was.
        etcd.signal(0, SIGSTOP)
        etcd.signal(1, SIGSTOP)
        await #expect(throws: TopologyError.self) { try await first.clusterMap() }
        etcd.signal(0, SIGCONT)
        etcd.signal(1, SIGCONT)
        #expect(try await Self.retried { try await first.clusterMap().map } == map)
    }

    /// Elections among the members take their time.
    private static func retried<T>(_ body: () async throws -> T) async throws -> T {
        for _ in 0..<100 {
            if let value = try? await body() { return value }
            try await Task.sleep(for: .milliseconds(200))
        }
        return try await body()
    }

    @Test func whoeverIsNotKnownIsRefused() async throws {
        let etcd = try EtcdProcesses(members: 1)
        _ = try await etcd.client()
        for arguments in [
            ["user", "add", "root:secret"], ["user", "add", "tessera:word"], ["role", "add", "registry"],
            ["role", "grant-permission", "registry", "--prefix=true", "readwrite", "/tessera/"],
            ["user", "grant-role", "tessera", "registry"], ["auth", "enable"],
        ] {
            _ = try etcd.control(arguments)
        }
        let nobody = try await etcd.client(waits: false)
        await #expect(throws: EtcdError.self) { try await nobody.read(.one("/tessera/a")) }
        let wrong = try await etcd.client(
            credentials: EtcdCredentials(user: "tessera", password: "guess"),
            waits: false
        )
        await #expect(throws: EtcdError.self) { try await wrong.read(.one("/tessera/a")) }
        let right = try await etcd.client(
            credentials: EtcdCredentials(user: "tessera", password: "word"),
            waits: false
        )
        let control = plane(right, "a", seed: try seed())
        #expect(try await control.clusterMap().map == seed())
        #expect(try await control.beginEpoch() == Epoch(1))
        await #expect(throws: EtcdError.self) { try await right.read(.one("/other")) }
        // A change of users makes tokens invalid: a new one is asked for without a word.
        _ = try etcd.control(["--user", "root:secret", "user", "add", "other:pw"])
        #expect(try await control.clusterMap().map == seed())
    }

    @Test func etcdIsReachedUnderTLS() async throws {
        let certificates = FileManager.default.temporaryDirectory.appending(path: "etcd-tls-\(UUID())").path
        try FileManager.default.createDirectory(atPath: certificates, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: certificates) }
        let openssl = Process()
        openssl.executableURL = URL(filePath: "/usr/bin/openssl")
        openssl.arguments = [
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
            "-subj", "/CN=etcd", "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost",
            "-keyout", "\(certificates)/key.pem", "-out", "\(certificates)/cert.pem",
        ]
        openssl.standardError = FileHandle.nullDevice
        try openssl.run()
        openssl.waitUntilExit()
        let etcd = try EtcdProcesses(
            members: 1,
            extra: [
                "--cert-file", "\(certificates)/cert.pem", "--key-file", "\(certificates)/key.pem",
                "--trusted-ca-file", "\(certificates)/cert.pem", "--client-cert-auth",
            ],
            scheme: "https"
        )
        let tls = TLSClientConfiguration(
            authoritiesPath: "\(certificates)/cert.pem",
            certificatePath: "\(certificates)/cert.pem",
            keyPath: "\(certificates)/key.pem"
        )
        let client = try await etcd.client(tls: tls)
        #expect(try await plane(client, "a").beginEpoch() == Epoch(1))
    }
}

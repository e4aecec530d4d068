import Foundation
import Identifiers
import Testing
import Topology

@testable import ControlPlane

struct FileControlPlaneTests {
    private let directory = FileManager.default.temporaryDirectory.appending(path: "control-\(UUID())").path

    private func seed(_ count: Int = 3) throws -> ClusterMap {
        try ClusterMap(
            evenly: (0..<count).map {
                ShardGroup(id: ShardID(UInt16($0)), replicas: [Replica(name: "shard-\($0 + 1)", address: "h:\($0)")])
            }
        )
    }

    private func text() throws -> String { try String(contentsOfFile: directory + "/control", encoding: .utf8) }

    private func write(_ text: String) throws {
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        try text.write(toFile: directory + "/control", atomically: false, encoding: .utf8)
    }

    @Test func epochsAndMapsOutliveTheProcess() async throws {
        do {
            let control = try FileControlPlane(directory: directory, seed: try seed())
            #expect(try await control.beginEpoch() == Epoch(1))
            let stored = try await control.clusterMap()
            let next = try stored.map.changing { $0.groups[0].replicas[0].address = "elsewhere:1" }
            _ = try await control.replace(next, expecting: stored.revision)
        }
        let control = try FileControlPlane(directory: directory, seed: try seed(2))
        #expect(try await control.beginEpoch() == Epoch(2))
        let map = try await control.clusterMap().map
        #expect(map.version == 2)
        #expect(map.groups.count == 3)
        #expect(map.groups[0].replicas[0].address == "elsewhere:1")
    }

    @Test func aFileOfVersionOneIsReadAndUpgraded() async throws {
        try write("tessera-control 1\nepoch 41\n")
        let control = try FileControlPlane(directory: directory, seed: try seed())
        #expect(try await control.clusterMap().map == seed())
        #expect(try await control.beginEpoch() == Epoch(42))
        #expect(try text().hasPrefix("tessera-control 2\nepoch 42\ntessera-map 1\n"))
    }

    @Test func whoWasSlowerIsTold() async throws {
        let control = try FileControlPlane(directory: directory, seed: try seed())
        let stored = try await control.clusterMap()
        let next = try stored.map.changing { $0.groups[0].replicas[0].address = "elsewhere:1" }
        _ = try await control.replace(next, expecting: stored.revision)
        await #expect(throws: TopologyError.conflict) {
            try await control.replace(next, expecting: stored.revision)
        }
        let leap = try next.changing { _ in }.changing { _ in }
        await #expect(throws: TopologyError.self) { try await control.replace(leap, expecting: 2) }
        #expect(try await control.clusterMap().map == next)
    }

    @Test func changesBeginWithTheMapThatIs() async throws {
        let control = try FileControlPlane(directory: directory, seed: try seed())
        let stored = try await control.clusterMap()
        var maps = control.changes().makeAsyncIterator()
        #expect(await maps.next() == stored)
        let next = try stored.map.changing { $0.groups[0].replicas[0].address = "elsewhere:1" }
        _ = try await control.replace(next, expecting: stored.revision)
        #expect(await maps.next()?.map == next)
    }

    @Test(arguments: [
        "", "tessera-control 3\nepoch 1\n", "tessera-control 2\n", "tessera-control 2\nepoch x\n",
        "tessera-control 1\nepoch 1\ntessera-map 1\n", "tessera-control 2\nepoch 1\ntessera-map 1\nversion 1\n",
    ])
    func whatIsDamagedIsRefusedAndLeftAlone(damaged: String) throws {
        try write(damaged)
        #expect(throws: FileControlPlane.Failure.self) { try FileControlPlane(directory: directory) }
        #expect(try text() == damaged)
        // The lock was given back: whoever mends the file can go on.
        try write("tessera-control 1\nepoch 1\n")
        _ = try FileControlPlane(directory: directory)
    }

    @Test func aSecondProcessIsKeptOut() throws {
        let first = try FileControlPlane(directory: directory)
        #expect(throws: FileControlPlane.Failure.self) { try FileControlPlane(directory: directory) }
        #expect(first.leader() == nil)
    }

    @Test func withoutAMapAndASeedThereIsNone() async throws {
        let control = try FileControlPlane(directory: directory)
        await #expect(throws: TopologyError.missing) { try await control.clusterMap() }
    }
}

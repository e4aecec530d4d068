import TestRandom
import Foundation
import Identifiers
import Testing

@testable import Topology

struct ClusterMapTextTests {
    private static let golden = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Golden/topology/cluster-map-1.txt")

    @Test func theTextIsTheGoldenOne() throws {
        let text = try String(contentsOf: Self.golden, encoding: .utf8)
        #expect(try MapSamples.elastic().encoded() == text)
        #expect(try ClusterMap(decoding: text) == MapSamples.elastic())
    }

    @Test func whatIsWrittenIsReadBack() throws {
        var random = SeededGenerator(seed: 11)
        for _ in 0..<100 {
            let map = try MapSamples.drawn(&random)
            #expect(try ClusterMap(decoding: map.encoded()) == map)
        }
    }

    @Test func anotherVersionIsRefusedWithAWord() throws {
        let text = try MapSamples.elastic().encoded().replacingOccurrences(of: "tessera-map 1", with: "tessera-map 2")
        #expect {
            try ClusterMap(decoding: text)
        } throws: { error in
            (error as? TopologyError)?.description.contains("another version") == true
        }
    }

    @Test func aTextOfRoomForMoreThanAnyMapIsRefused() {
        let text = "tessera-map 1\n" + String(repeating: "\n", count: ClusterMap.textLimit)
        #expect(throws: TopologyError.self) { try ClusterMap(decoding: text) }
    }

    /// Whatever a disk or a person makes of a map, reading ends with an error or with a sound map that is written the
    /// same way again.
    @Test func damageIsAnErrorAndNeverATrap() throws {
        var random = SeededGenerator(seed: 12)
        let sound = Array(try MapSamples.elastic().encoded().utf8)
        let bytes = Array("0123456789 -,\nagmrsv".utf8)
        var refused = 0
        for _ in 0..<3_000 {
            var damaged = sound
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let place = Int.random(in: 0..<damaged.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: damaged[place] = bytes.randomElement(using: &random) ?? 0
                case 1: damaged.remove(at: place)
                default: damaged.insert(bytes.randomElement(using: &random) ?? 0, at: place)
                }
            }
            guard let map = try? ClusterMap(decoding: String(decoding: damaged, as: UTF8.self)) else {
                refused += 1
                continue
            }
            #expect(try ClusterMap(decoding: map.encoded()) == map)
        }
        #expect(refused > 1_000)
    }
}

import Identifiers
import Testing

@testable import Topology

struct SlotMapTests {
    @Test(arguments: [1, 2, 3, 7, 100, 1_024]) func slotsAreDealtEvenly(shards: Int) {
        let map = SlotMap(evenly: shards)
        var counts = [Int](repeating: 0, count: shards)
        for owner in map.owners { counts[Int(owner.rawValue)] += 1 }
        #expect(counts.reduce(0, +) == Slot.count)
        #expect((counts.max() ?? 0) - (counts.min() ?? 0) <= 1)
        #expect(map.owners == map.owners.sorted(), "each shard owns one run")
    }
}

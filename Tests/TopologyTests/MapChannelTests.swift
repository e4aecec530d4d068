import Identifiers
import Testing

@testable import Topology

struct MapChannelTests {
    @Test func aListenerHearsTheNewestAndNothingOlder() async throws {
        let channel = MapChannel()
        let map = try MapSamples.elastic()
        let next = try map.changing { $0.owners[0] = $0.owners[0] }
        channel.tell(StoredMap(map: map, revision: 5))
        var maps = channel.maps().makeAsyncIterator()
        #expect(await maps.next()?.revision == 5)
        channel.tell(StoredMap(map: next, revision: 6))
        channel.tell(StoredMap(map: map, revision: 5))
        #expect(await maps.next()?.map == next)
        #expect(channel.newest?.revision == 6)
    }
}

import Identifiers
import ShardProtocol
import Topology

/// Checks that every slot lies where the map says, and nowhere else.
struct SlotsChecker: Sendable {
    let shards: [any ShardClient]
    let map: ClusterMap

    /// Looks at all slots of all shards.
    func check() async -> [String] {
        var violations: [String] = []
        for group in map.groups {
            let client = shards[Int(group.id.rawValue)]
            for first in stride(from: 0, to: Slot.count, by: DigestRequest.slotLimit) {
                guard let slot = Slot(first) else { continue }
                do throws(ShardError) {
                    let digests = try await client.digest(
                        DigestRequest(first: slot, count: DigestRequest.slotLimit, scope: .moving)
                    )
                    for (place, digest) in digests.enumerated()
                    where map.owners[first + place] != group.id && digest != SlotDigest() {
                        violations.append("\(group.id) holds slot \(first + place), which is not its own")
                    }
                } catch {
                    violations.append("\(group.id) does not answer: \(error)")
                }
            }
        }
        return violations
    }
}

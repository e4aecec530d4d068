import Identifiers
import Topology
import Yams

/// The map that a new cluster begins with; afterwards the one that the control plane keeps is the truth.
enum ClusterSeed {
    /// The address of a shard that lives in the coordinator's own process.
    static let embeddedAddress = "embedded"

    /// One group of one replica a shard, all in this process.
    ///
    /// - Throws: `TopologyError.broken`.
    static func embedded(shards: Int) throws -> ClusterMap {
        try ClusterMap(
            evenly: (0..<shards).map { number in
                let id = ShardID(UInt16(number))
                return ShardGroup(id: id, replicas: [Replica(name: "\(id)", address: embeddedAddress)])
            }
        )
    }

    /// The current map, with the addresses of the configuration where a process was told to listen elsewhere.
    ///
    /// - Throws: `TopologyError`.
    static func currentMap(
        _ control: any ControlPlaneClient,
        seed: ClusterMap
    ) async throws(TopologyError) -> ClusterMap {
        let stored = try await control.clusterMap()
        guard let corrected = try stored.map.readdressed(by: seed) else { return stored.map }
        do throws(TopologyError) {
            _ = try await control.replace(corrected, expecting: stored.revision)
        } catch .conflict {
            // Another coordinator was faster, perhaps with the same correction.
            return try await control.clusterMap().map
        }
        return corrected
    }
}

extension ConfigurationFile {
    private static let shardKeys: Set = ["name", "address", "replicas", "minimum_in_sync"]

    /// The key `shards`: a list of shards, each with `name` and `address`, or with `replicas`, a list of such, and
    /// perhaps `minimum_in_sync`.
    mutating func clusterSeed() -> ClusterMap? {
        var groups: [ShardGroup] = []
        let shards = mappings("shards")
        guard (1...ShardID.limit).contains(shards.count) else {
            fault("`shards` must name 1 to \(ShardID.limit) shards")
            return nil
        }
        for (index, shard) in shards.enumerated() {
            let place = "shards[\(index)]"
            refuseUnknown(shard, Self.shardKeys, place)
            var replicas: [Replica] = []
            if let copies = shard["replicas"] {
                if shard["address"] != nil { fault("`\(place)` has both `address` and `replicas`: choose one") }
                for (number, copy) in (copies.sequence ?? []).enumerated() {
                    let mapping = copy.mapping ?? [:]
                    refuseUnknown(mapping, ["name", "address"], "\(place).replicas[\(number)]")
                    replicas += replica(mapping, "\(place).replicas[\(number)]")
                }
            } else {
                replicas = replica(shard, place)
            }
            let minimum = shard["minimum_in_sync"].map { $0.int ?? 0 } ?? 1
            groups.append(ShardGroup(id: ShardID(UInt16(index)), replicas: replicas, minimumInSync: minimum))
        }
        // What is missing in a shard was told already, with its place.
        guard faults.isEmpty else { return nil }
        do throws(TopologyError) {
            return try ClusterMap(evenly: groups)
        } catch {
            fault("`shards`: \(error)")
            return nil
        }
    }

    private mutating func replica(_ mapping: Node.Mapping, _ place: String) -> [Replica] {
        guard let name = mapping["name"]?.string else {
            fault("`\(place).name` is missing")
            return []
        }
        guard let address = mapping["address"]?.string.flatMap({ ListenAddress($0) }) else {
            fault("`\(place).address` must be HOST:PORT")
            return []
        }
        return [Replica(name: name, address: "\(address)")]
    }

    private mutating func refuseUnknown(_ mapping: Node.Mapping, _ known: Set<String>, _ place: String) {
        for (key, _) in mapping where !known.contains(key.string ?? "") {
            fault("`\(place).\(key.string ?? "")` is not known")
        }
    }
}

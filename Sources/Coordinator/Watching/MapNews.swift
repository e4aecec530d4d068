import Identifiers
import Topology

/// What a change of the cluster map tells.
struct MapNews: Equatable {
    /// What it is about.
    var kind: ClusterJournal.Kind
    /// Who or what it happened to.
    var subject: String
    /// What happened.
    var text: String

    /// Compares two maps, of which the second is the newer one.
    static func between(_ old: ClusterMap, _ new: ClusterMap) -> [MapNews] {
        var news: [MapNews] = []
        for group in new.groups {
            guard let former = old.group(group.id) else {
                news.append(MapNews(kind: .shardJoined, subject: "\(group.id)", text: names(group)))
                continue
            }
            for replica in group.replicas {
                let state = former.replicas.first { $0.name == replica.name }?.state
                guard state != replica.state else { continue }
                let before = state.map { "\($0.rawValue) -> " } ?? ""
                news.append(MapNews(kind: .replica, subject: replica.name, text: before + replica.state.rawValue))
            }
        }
        for group in old.groups where new.group(group.id) == nil {
            news.append(MapNews(kind: .shardLeft, subject: "\(group.id)", text: names(group)))
        }
        for move in new.moves {
            let former = old.moves.first { $0.id == move.id }
            guard former?.phase != move.phase || former?.isPaused != move.isPaused else { continue }
            let (from, to) = (name(move.source, old, new), name(move.target, old, new))
            let phase = move.phase.rawValue + (move.isPaused ? ", paused" : "")
            let text = "\(move.slotCount) slots, \(from) to \(to): \(phase)"
            news.append(MapNews(kind: .move, subject: "\(move.id)", text: text))
        }
        return news
    }

    private static func names(_ group: ShardGroup) -> String { group.replicas.map(\.name).joined(separator: " ") }

    private static func name(_ shard: ShardID, _ old: ClusterMap, _ new: ClusterMap) -> String {
        (new.group(shard) ?? old.group(shard))?.replicas.first?.name ?? "\(shard)"
    }
}

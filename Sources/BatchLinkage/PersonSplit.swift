import Identifiers
import Identity

/// Edges to persons: connected components of the match edges, each partitioned by the identity engine.
struct PersonSplit {
    private let table: KeyedTable
    private let engine: IdentityEngine

    init(table: KeyedTable, policy: IdentityPolicy) {
        self.table = table
        engine = IdentityEngine(policy: policy)
    }

    /// The person of each record, named by the position of its smallest record.
    func persons(_ edges: [ScoredEdge]) throws(LinkError) -> [UInt32] {
        var parents = [UInt32](0..<UInt32(table.count))
        for edge in edges where edge.weight >= engine.policy.matchThreshold {
            let first = PersonSplit.root(edge.first, &parents)
            let second = PersonSplit.root(edge.second, &parents)
            parents[Int(max(first, second))] = min(first, second)
        }
        for position in parents.indices { parents[position] = PersonSplit.root(UInt32(position), &parents) }
        return try partition(edges, parents)
    }

    private func partition(_ edges: [ScoredEdge], _ roots: [UInt32]) throws(LinkError) -> [UInt32] {
        var persons = roots
        var counts = [UInt32](repeating: 0, count: roots.count)
        for edge in edges where edge.weight >= engine.policy.matchThreshold { counts[Int(roots[Int(edge.first)])] += 1 }
        var matching: [ScoredEdge] = []
        for edge in edges where edge.weight >= engine.policy.matchThreshold {
            // Most persons with more than one record have two.
            if counts[Int(roots[Int(edge.first)])] > 1 {
                matching.append(edge)
            } else if !engine.joins(table.facts[Int(edge.first)], table.facts[Int(edge.second)], weight: edge.weight) {
                persons[Int(edge.first)] = edge.first
                persons[Int(edge.second)] = edge.second
            }
        }
        let ordered = matching.sorted {
            (roots[Int($0.first)], $0.second, $0.first) < (roots[Int($1.first)], $1.second, $1.first)
        }
        var start = 0
        while start < ordered.count {
            let root = roots[Int(ordered[start].first)]
            var end = start
            while end < ordered.count, roots[Int(ordered[end].first)] == root { end += 1 }
            try split(ordered[start..<end], root, into: &persons)
            start = end
        }
        return persons
    }

    private func split(_ edges: ArraySlice<ScoredEdge>, _ root: UInt32, into persons: inout [UInt32]) throws(LinkError)
    {
        let members = PersonSplit.members(edges)
        var changes: [IdentityChange] = []
        changes.reserveCapacity(members.count)
        var next = edges.startIndex
        for (order, member) in members.enumerated() {
            var neighbours: [IdentityChange.Neighbour] = []
            while next < edges.endIndex, edges[next].second == member {
                neighbours.append(.init(table.ids[Int(edges[next].first)], edges[next].weight))
                next += 1
            }
            changes.append(
                .upsert(
                    record: table.ids[Int(member)],
                    at: Sequence(UInt64(order) + 1),
                    facts: table.facts[Int(member)],
                    neighbours: neighbours
                )
            )
        }
        var births = Sequence(1)
        do {
            let resolution = try engine.resolve([], applying: changes, nextBirth: &births)
            for component in resolution.components {
                for person in component.persons {
                    let found = person.members.compactMap { position(of: $0, among: members) }
                    guard let smallest = found.min() else { continue }
                    for position in found { persons[Int(position)] = smallest }
                }
            }
        } catch {
            throw .undecided(table.ids[Int(root)], "\(error)")
        }
    }

    /// The records of some edges, in order.
    private static func members(_ edges: ArraySlice<ScoredEdge>) -> [UInt32] {
        var ends: [UInt32] = []
        ends.reserveCapacity(2 * edges.count)
        for edge in edges {
            ends.append(edge.first)
            ends.append(edge.second)
        }
        ends.sort()
        var members: [UInt32] = []
        members.reserveCapacity(ends.count)
        for end in ends where members.last != end { members.append(end) }
        return members
    }

    /// The position of a record; the table is in order of id, so these are too.
    private func position(of id: RecordID, among members: [UInt32]) -> UInt32? {
        var range = 0..<members.count
        while !range.isEmpty {
            let middle = (range.lowerBound + range.upperBound) / 2
            let found = table.ids[Int(members[middle])]
            if found == id { return members[middle] }
            range = found < id ? middle + 1..<range.upperBound : range.lowerBound..<middle
        }
        return nil
    }

    private static func root(_ position: UInt32, _ parents: inout [UInt32]) -> UInt32 {
        var root = position
        while parents[Int(root)] != root {
            parents[Int(root)] = parents[Int(parents[Int(root)])]
            root = parents[Int(root)]
        }
        return root
    }
}

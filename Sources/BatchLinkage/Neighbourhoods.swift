public import Identifiers
internal import Matching

/// Who is compared with whom, and what it weighs: all pairs of a set of records that share a key and weigh enough.
///
/// Found by sorting the keys of all records once and going through the blocks, in place of a search for each record.
public struct Neighbourhoods: Sendable {
    /// One of two records of a pair, as the other sees it.
    public struct Neighbour: Sendable, Equatable {
        /// Its place among all records.
        public var position: Int
        /// What the pair weighs.
        public var weight: MatchWeight
    }

    /// The records, in the order of their ids.
    public let ids: [RecordID]
    /// Pairs that were compared in full, or ruled out by their sketches.
    public let pairs: Int
    private let starts: [Int]
    private let neighbours: [UInt32]
    private let weights: [MatchWeight]

    init(ids: [RecordID], edges: [ScoredEdge], pairs: Int) {
        self.ids = ids
        self.pairs = pairs
        var starts = [Int](repeating: 0, count: ids.count + 1)
        for edge in edges {
            starts[Int(edge.first) + 1] += 1
            starts[Int(edge.second) + 1] += 1
        }
        for index in ids.indices { starts[index + 1] += starts[index] }
        var next = starts
        var neighbours = [UInt32](repeating: 0, count: 2 * edges.count)
        var weights = [MatchWeight](repeating: .zero, count: 2 * edges.count)
        for edge in edges {
            for (one, other) in [(edge.first, edge.second), (edge.second, edge.first)] {
                neighbours[next[Int(one)]] = other
                weights[next[Int(one)]] = edge.weight
                next[Int(one)] += 1
            }
        }
        self.starts = starts
        self.neighbours = neighbours
        self.weights = weights
    }

    /// Pairs that weigh enough.
    public var edges: Int { neighbours.count / 2 }

    /// The place of a record; `nil` where it is none of them.
    public func position(of id: RecordID) -> Int? {
        var range = ids.indices
        while !range.isEmpty {
            let middle = range.lowerBound + range.count / 2
            if ids[middle] == id { return middle }
            range = ids[middle] < id ? (middle + 1)..<range.upperBound : range.lowerBound..<middle
        }
        return nil
    }

    /// The neighbours of the record at a place, in the order of their ids.
    public func neighbours(of position: Int) -> [Neighbour] {
        (starts[position]..<starts[position + 1]).map { Neighbour(position: Int(neighbours[$0]), weight: weights[$0]) }
            .sorted { $0.position < $1.position }
    }
}

import Identifiers

/// Cuts a component that exceeds `IdentityLimits` into pieces that do not, giving up its lightest edges for good.
///
/// Below the limits the partition never depends on the order of arrival. Past them it may: the alternative is a row
/// that grows until writes stop. The pieces are marked and raise a review task.
struct ComponentCut {
    private(set) var pieces: [Piece] = []
    private let draft: IdentityDraft

    static func isNeeded(_ piece: Piece) -> Bool {
        piece.nodes.count > IdentityLimits.members || piece.links.count > IdentityLimits.edges
    }

    init(piece: Piece, draft: IdentityDraft) {
        self.draft = draft
        var sets = DisjointSets(count: piece.nodes.count)
        func join(_ a: Int, _ b: Int) -> Bool {
            let (first, second) = (sets.find(a), sets.find(b))
            guard first != second, sets.setSize(first) + sets.setSize(second) <= IdentityLimits.members else {
                return false
            }
            sets.union(first, second)
            return true
        }
        for decision in piece.decisions where decision.kind == .mustLink {
            if case (let a?, let b?) = numbers(of: decision.pair, in: piece) { _ = join(a, b) }
        }
        let isSpanning = piece.links.map { join(Int($0.a), Int($0.b)) }
        distribute(piece, isSpanning: isSpanning, sets: &sets)
    }

    private func numbers(of pair: RecordPair, in piece: Piece) -> (Int?, Int?) {
        (piece.number(of: pair.a, in: draft), piece.number(of: pair.b, in: draft))
    }

    private mutating func distribute(_ piece: Piece, isSpanning: [Bool], sets: inout DisjointSets) {
        var pieceOfRoot = [Int](repeating: -1, count: piece.nodes.count)
        var home: [(piece: Int, number: Int32)] = []
        for number in piece.nodes.indices {
            let root = sets.find(number)
            if pieceOfRoot[root] < 0 {
                pieceOfRoot[root] = pieces.count
                pieces.append(Piece(nodes: [], wasCut: true))
            }
            let place = pieceOfRoot[root]
            home.append((place, Int32(pieces[place].nodes.count)))
            pieces[place].nodes.append(piece.nodes[number])
        }
        // Spanning edges hold a piece together, so room is kept for all of them.
        var room = pieces.map { IdentityLimits.edges - $0.nodes.count }
        for (index, link) in piece.links.enumerated() {
            let place = home[Int(link.a)]
            let other = home[Int(link.b)]
            guard place.piece == other.piece else { continue }
            if !isSpanning[index] {
                guard room[place.piece] > 0 else { continue }
                room[place.piece] -= 1
            }
            pieces[place.piece].links.append(Piece.Link(a: place.number, b: other.number, weight: link.weight))
        }
        for decision in piece.decisions {
            let (a, b) = numbers(of: decision.pair, in: piece)
            let first = a.map { home[$0].piece }
            let second = b.map { home[$0].piece }
            if let first { pieces[first].decisions.append(decision) }
            if let second, second != first { pieces[second].decisions.append(decision) }
        }
    }
}

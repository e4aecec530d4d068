import Demographics

/// Weights by the hash of a name in a table of open addresses: hashes are uniform, so they need no hashing again.
struct NameWeights: Sendable {
    /// Places, a power of two and at least twice as many as names; `empty` where there is none.
    private var hashes: [UInt64]
    private var weights: [Int32]
    private let mask: UInt64
    /// The greatest weight; 0 where there is none.
    private(set) var most: Int32 = 0

    private static let empty: UInt64 = 0

    /// Compiles a table; of names that fold to one, the least weight counts, whatever order a dictionary has.
    init(_ names: [String: Int32]) {
        var count = 2
        while count < 2 * names.count + 2 { count *= 2 }
        hashes = [UInt64](repeating: NameWeights.empty, count: count)
        weights = [Int32](repeating: 0, count: count)
        mask = UInt64(count - 1)
        for (name, weight) in names {
            let hash = NameWeights.key(TextFolding.joined(name).hash)
            let place = place(of: hash)
            weights[place] = hashes[place] == hash ? min(weights[place], weight) : weight
            hashes[place] = hash
        }
        for place in hashes.indices where hashes[place] != NameWeights.empty { most = max(most, weights[place]) }
    }

    /// The weight of a name by its hash.
    subscript(hash: UInt64) -> Int32? {
        let place = place(of: NameWeights.key(hash))
        return hashes[place] == NameWeights.empty ? nil : weights[place]
    }

    /// One name in 2^64 shares the key of another.
    private static func key(_ hash: UInt64) -> UInt64 { hash == empty ? 1 : hash }

    /// Where a hash stands, or the empty place where it would.
    private func place(of hash: UInt64) -> Int {
        var place = hash & mask
        while hashes[Int(place)] != NameWeights.empty, hashes[Int(place)] != hash { place = (place &+ 1) & mask }
        return Int(place)
    }
}

/// The keys of many records, each cut to 26 bits and its rule: how many keys two records have in common.
///
/// About 180 bytes a record while blocks are sampled. Two keys of one rule that are cut to the same bits are one in 67
/// million, which no sample notices.
struct ShortKeys: Sendable {
    private static let hashBits: UInt32 = 26

    /// The rule in the highest bits, then the hash; those of a record one after the other, sorted.
    private var keys: [UInt32] = []
    /// Where each record starts; one more entry than records.
    private var starts = [0]

    /// Adds a key of the record that comes next.
    mutating func add(_ hash: UInt64, rule: Int) {
        precondition(rule < 64, "a rule takes six bits")
        let cut = UInt32(truncatingIfNeeded: hash >> 38)
        keys.append(UInt32(truncatingIfNeeded: rule) << ShortKeys.hashBits | cut)
    }

    /// Ends the record whose keys were added.
    mutating func endRecord() {
        if let start = starts.last { keys[start...].sort() }
        starts.append(keys.count)
    }

    /// Appends the keys of the records behind these.
    mutating func append(_ other: ShortKeys) {
        let shift = keys.count
        keys += other.keys
        starts += other.starts.dropFirst().lazy.map { $0 + shift }
    }

    /// How many keys of some rules two records have in common.
    ///
    /// - Parameters:
    ///   - first: position of a record.
    ///   - second: position of the other.
    ///   - rules: bit i stands for rule i.
    /// - Returns: the number of keys.
    func common(_ first: Int, _ second: Int, rules: UInt64) -> Int {
        var (left, right, count) = (starts[first], starts[second], 0)
        let (leftEnd, rightEnd) = (starts[first + 1], starts[second + 1])
        while left < leftEnd, right < rightEnd {
            let (mine, theirs) = (keys[left], keys[right])
            if mine == theirs {
                count += Int(rules >> UInt64(mine >> ShortKeys.hashBits) & 1)
                left += 1
                right += 1
            } else if mine < theirs {
                left += 1
            } else {
                right += 1
            }
        }
        return count
    }
}

import Bytes

/// The keys of many records, each cut to 26 bits and its rule: which keys two records have in common.
///
/// About 180 bytes a record while blocks are sampled. Two keys of one rule that are cut to the same bits are one in 67
/// million, which no sample notices.
struct ShortKeys: Sendable {
    /// The keys of some records that follow one another.
    struct Part: Sendable {
        /// The rule in the highest bits, then the hash; those of a record one after the other, sorted.
        fileprivate var keys: [UInt32] = []
        /// Where each record starts; one more entry than records.
        fileprivate var starts: [UInt32] = [0]

        /// Adds a key of the record that comes next.
        mutating func add(_ hash: UInt64, rule: Int) {
            precondition(rule < 64, "a rule takes six bits")
            let cut = UInt32(truncatingIfNeeded: hash >> 38)
            keys.append(UInt32(truncatingIfNeeded: rule) << ShortKeys.hashBits | cut)
        }

        /// Ends the record whose keys were added.
        mutating func endRecord() {
            if let start = starts.last { keys[Int(start)...].sort() }
            starts.append(UInt32(keys.count))
        }

        fileprivate func range(_ record: Int) -> Range<Int> { Int(starts[record])..<Int(starts[record + 1]) }
    }

    fileprivate static let hashBits: UInt32 = 26

    private let parts: [Part]
    private let partSize: Int

    /// Puts parts together, each but the last of `partSize` records; they are not copied.
    init(_ parts: [Part], partSize: Int) {
        self.parts = parts
        self.partSize = partSize
    }

    /// Which keys of some rules two records have in common.
    ///
    /// - Parameters:
    ///   - first: position of a record.
    ///   - second: position of the other.
    ///   - rules: bit i stands for rule i.
    /// - Returns: the number of keys, and those of the rules that they are of.
    func common(_ first: Int, _ second: Int, rules: UInt64) -> (keys: Int, rules: UInt64) {
        let (one, other) = (first / partSize, second / partSize)
        return parts[one].keys.withUnsafeBufferPointer { mine in
            parts[other].keys.withUnsafeBufferPointer { theirs in
                ShortKeys.common(
                    mine[parts[one].range(first - one * partSize)],
                    theirs[parts[other].range(second - other * partSize)],
                    rules
                )
            }
        }
    }

    /// Asks for the keys of the second record of a pair that is looked at soon.
    @inline(__always)
    func expect(_ record: Int) {
        let part = record / partSize
        Prefetch.lines(3, of: parts[part].keys, at: Int(parts[part].starts[record - part * partSize]))
    }

    private static func common(
        _ mine: Slice<UnsafeBufferPointer<UInt32>>,
        _ theirs: Slice<UnsafeBufferPointer<UInt32>>,
        _ rules: UInt64
    ) -> (keys: Int, rules: UInt64) {
        var (left, right, count) = (mine.startIndex, theirs.startIndex, 0)
        var found: UInt64 = 0
        while left < mine.endIndex, right < theirs.endIndex {
            let (key, other) = (mine[left], theirs[right])
            if key == other {
                let bit = rules & 1 << UInt64(key >> hashBits)
                count += bit == 0 ? 0 : 1
                found |= bit
            }
            if key <= other { left += 1 }
            if other <= key { right += 1 }
        }
        return (count, found)
    }
}

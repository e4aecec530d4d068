import Demographics

/// What a sketch leaves out, in 44 bytes: enough of phone, identifier, address, place, mother and middle name to prove
/// of most strangers that these differ, without a look at their rows.
///
/// Made from the feature row, since its limit of texts may cut off what the record had. In every part 0 stands for
/// what is not known and all ones for what the digest cannot hold, such as the second of two phones. Texts count byte
/// by byte without the highest bit, as edit distances see them.
public struct FieldDigest: Sendable, Equatable {
    /// The only phone: a digit in five bits, one more than its value, the first in the lowest.
    var phone: UInt64 = 0
    /// Pairs of neighbouring letters of the only identifier, and its length.
    var identifier: UInt64 = 0
    /// Pairs of neighbouring letters of the only line of address, and its length.
    var street: UInt64 = 0
    /// The letters and the length of each of one or two words.
    var mother: UInt64 = 0
    /// The kind and the authority of the only identifier, as in the row.
    var authority: UInt32 = 0
    /// Hashes of the only city, postal code and house number, and of the only middle name.
    var city: UInt16 = 0
    var postalCode: UInt16 = 0
    var number: UInt16 = 0
    var middle: UInt16 = 0

    /// What a part holds that is known and does not fit.
    static let unfit = UInt64.max
    static let unfitHash = UInt16.max
    /// Longest phone held; of longer ones two edits are forgiven, which comparing digits does not tell.
    static let phoneDigits = 11

    /// What no row is needed for: everything may agree.
    public static var unknown: FieldDigest {
        var digest = FieldDigest()
        (digest.phone, digest.identifier, digest.street, digest.mother) = (unfit, unfit, unfit, unfit)
        (digest.city, digest.postalCode) = (unfitHash, unfitHash)
        (digest.number, digest.middle) = (unfitHash, unfitHash)
        return digest
    }

    private init() {}

    /// Digests a feature row; `nil` where the bytes are none.
    public init?(_ row: UnsafeRawBufferPointer) {
        var view = FeatureView()
        guard view.index(row), let base = row.baseAddress else { return nil }
        fill(view, base.assumingMemoryBound(to: UInt8.self))
    }

    private mutating func fill(_ view: borrowing FeatureView, _ base: UnsafePointer<UInt8>) {
        func text(_ tag: FeatureTag, at index: Int) -> UnsafeBufferPointer<UInt8> {
            let text = view.texts[index]
            let prefix = FeatureTag.prefixLength(stored: tag.stored(0))
            return UnsafeBufferPointer(start: base + Int(text.start) + prefix, count: Int(text.count) - prefix)
        }
        func first(_ tag: FeatureTag) -> UnsafeBufferPointer<UInt8> { text(tag, at: view.index(tag)) }
        func hash(_ tag: FeatureTag, isOnly: Bool) -> UInt16 {
            guard isOnly, view.count(tag) <= 1 else { return view.has(tag) ? FieldDigest.unfitHash : 0 }
            return view.count(tag) == 0 ? 0 : FieldDigest.hash(first(tag))
        }
        func isOnly(_ tag: FeatureTag) -> Bool {
            view.count(tag) == 1 && (1..<4).allSatisfy { view.count(tag, $0) == 0 }
        }
        if view.has(.phone) { phone = isOnly(.phone) ? FieldDigest.digits(first(.phone)) : FieldDigest.unfit }
        if isOnly(.identifier) {
            let value = first(.identifier)
            identifier = FieldDigest.neighbours(value)
            if let base = value.baseAddress {
                authority = IdentifierPrefix(base[-4], base[-3], base[-2], base[-1]).bits
            }
        } else if view.has(.identifier) {
            identifier = FieldDigest.unfit
        }
        let hasOneAddress = view.addressCount <= 1
        if view.has(.street) { street = hasOneAddress ? FieldDigest.neighbours(first(.street)) : FieldDigest.unfit }
        number = hash(.number, isOnly: hasOneAddress)
        city = hash(.city, isOnly: hasOneAddress)
        postalCode = hash(.postal, isOnly: hasOneAddress)
        middle = hash(.middle, isOnly: view.nameCount <= 1)
        switch view.count(.mother) {
        case 0: break
        case 1: mother = FieldDigest.words(first(.mother), nil)
        case 3:
            // The joined form stands before the words; it may be cut, or have particles besides.
            let start = view.index(.mother)
            let (one, other) = (text(.mother, at: start + 1), text(.mother, at: start + 2))
            let isWhole = first(.mother).count == one.count + other.count
            mother = isWhole ? FieldDigest.words(one, other) : FieldDigest.unfit
        default: mother = FieldDigest.unfit
        }
    }

    /// Digits alone, as many as are held.
    private static func digits(_ text: UnsafeBufferPointer<UInt8>) -> UInt64 {
        guard text.count <= phoneDigits else { return unfit }
        var packed: UInt64 = 0
        for (index, byte) in text.enumerated() {
            guard (0x30...0x39).contains(byte) else { return unfit }
            packed |= UInt64(byte - 0x2F) &<< UInt64(5 * index)
        }
        return packed
    }

    /// Bits of the length in a set of neighbours, which has the rest.
    static let lengthBits: UInt64 = 5
    static let neighbourBits: UInt64 = 59

    private static func neighbours(_ text: UnsafeBufferPointer<UInt8>) -> UInt64 {
        var set: UInt64 = 0
        for index in 1..<max(1, text.count) {
            let pair = UInt32(text[index - 1] & 0x7F) &<< 7 | UInt32(text[index] & 0x7F)
            let hash = UInt64((pair &* 0x9E37_79B1) &>> 16)
            set |= 1 &<< ((hash &* neighbourBits) &>> 16)
        }
        return set &<< lengthBits | UInt64(text.count)
    }

    /// Letters count in 27 classes: those of the alphabet, and one for what is none.
    static let letterBits: UInt64 = 27
    static let letterMask: UInt64 = 1 &<< letterBits &- 1

    private static func letters(_ text: UnsafeBufferPointer<UInt8>) -> UInt64 {
        text.reduce(0) { $0 | 1 &<< UInt64(min($1 & 0x1F, 26)) }
    }

    private static func words(_ first: UnsafeBufferPointer<UInt8>, _ second: UnsafeBufferPointer<UInt8>?) -> UInt64 {
        let other = second.map { letters($0) &<< letterBits | UInt64($0.count) &<< 59 } ?? 0
        return letters(first) | UInt64(first.count) &<< 54 | other
    }

    private static func hash(_ text: UnsafeBufferPointer<UInt8>) -> UInt16 {
        let hash = Word(UnsafeRawBufferPointer(text)).hash
        return UInt16(truncatingIfNeeded: hash &>> 48) % 0xFFFE + 1
    }
}

/// Two packed texts, and how few edits may part them.
enum PackedDistance {
    /// Fewest edits between two phones that are held: 0, 1, or 2 for more; `isPrefix` where one begins the other.
    @inline(__always)
    static func phones(_ left: UInt64, _ right: UInt64) -> (edits: Int, isPrefix: Bool) {
        let difference = left ^ right
        guard difference != 0 else { return (0, true) }
        let leftCount = (68 &- left.leadingZeroBitCount) / 5
        let rightCount = (68 &- right.leadingZeroBitCount) / 5
        let common = difference.trailingZeroBitCount / 5
        let isPrefix = common >= min(leftCount, rightCount)
        let rest = UInt64(5 &* common)
        switch leftCount &- rightCount {
        case 0:
            let beyond = difference &>> rest
            if beyond &>> 5 == 0 { return (1, isPrefix) }
            let (first, second) = (left &>> rest, right &>> rest)
            let isSwap =
                beyond &>> 10 == 0 && first & 31 == second &>> 5 & 31 && second & 31 == first &>> 5 & 31
            return (isSwap ? 1 : 2, isPrefix)
        case 1: return (left &>> (rest &+ 5) == right &>> rest ? 1 : 2, isPrefix)
        case -1: return (right &>> (rest &+ 5) == left &>> rest ? 1 : 2, isPrefix)
        default: return (2, isPrefix)
        }
    }

    /// Fewest edits between two texts of which the neighbours are held: each edit parts three pairs at most.
    @inline(__always)
    static func neighbours(_ left: UInt64, _ right: UInt64) -> (edits: Int, longer: Int) {
        let mask: UInt64 = 1 &<< FieldDigest.lengthBits &- 1
        let (leftCount, rightCount) = (Int(left & mask), Int(right & mask))
        let (leftSet, rightSet) = (left &>> FieldDigest.lengthBits, right &>> FieldDigest.lengthBits)
        let parted = max((leftSet & ~rightSet).nonzeroBitCount, (rightSet & ~leftSet).nonzeroBitCount)
        return (max((parted &+ 2) / 3, abs(leftCount &- rightCount)), max(leftCount, rightCount))
    }

    /// Fewest edits between two words of which the letters are held: each edit takes away one letter at most.
    @inline(__always)
    static func letters(_ left: UInt64, _ leftCount: Int, _ right: UInt64, _ rightCount: Int) -> Int {
        let parted = max((left & ~right).nonzeroBitCount, (right & ~left).nonzeroBitCount)
        return max(parted, abs(leftCount &- rightCount))
    }
}

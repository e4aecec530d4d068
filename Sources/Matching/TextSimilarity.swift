/// How alike two words are; the order is the order of evidence.
enum TextSimilarity: UInt8, Comparable {
    case different = 0, remnant, initial, similar, variant, close, exact

    @inline(__always)
    static func < (left: TextSimilarity, right: TextSimilarity) -> Bool { left.rawValue < right.rawValue }
}

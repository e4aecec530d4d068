/// The levels of one pair, one for each field; what is missing has none.
public struct LevelVector: Sendable, Equatable {
    @usableFromInline var storage = InlineArray<12, UInt8>(repeating: 0)

    /// Nothing compared yet.
    @inlinable
    public init() {}

    /// The level of a field; `nil` where either record does not know the field.
    public subscript(field: MatchField) -> ComparisonLevel? {
        @inline(__always) get { ComparisonLevel(rawValue: storage[Int(field.rawValue)]) }
        @inline(__always) set { storage[Int(field.rawValue)] = newValue?.rawValue ?? 0 }
    }

    /// The raw values of the levels, a byte a field in the order of `MatchField`, 0 where there is none; the first in
    /// the lowest byte.
    public var packed: (low: UInt64, high: UInt64) {
        var low: UInt64 = 0
        var high: UInt64 = 0
        for index in 0..<8 { low |= UInt64(storage[index]) &<< UInt64(8 &* index) }
        for index in 8..<12 { high |= UInt64(storage[index]) &<< UInt64(8 &* (index &- 8)) }
        return (low, high)
    }

    /// The sum of the levels' weights.
    @inline(__always)
    func sum(_ table: UnsafePointer<CompiledWeights.Table>) -> Int32 {
        var sum: Int32 = 0
        var index = 0
        while index < 12 {
            sum &+= table.pointee.levels[Int(storage[index])]
            index &+= 1
        }
        return sum
    }

    /// Equal levels in every field.
    public static func == (left: LevelVector, right: LevelVector) -> Bool {
        for index in 0..<12 where left.storage[index] != right.storage[index] { return false }
        return true
    }
}

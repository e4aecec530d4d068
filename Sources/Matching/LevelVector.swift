/// The levels of one pair, one for each field; what is missing has none.
public struct LevelVector: Sendable, Equatable {
    @usableFromInline var storage = InlineArray<11, UInt8>(repeating: 0)

    /// Nothing compared yet.
    @inlinable
    public init() {}

    /// The level of a field; `nil` where either record does not know the field.
    public subscript(field: MatchField) -> ComparisonLevel? {
        @inline(__always) get { ComparisonLevel(rawValue: storage[Int(field.rawValue)]) }
        @inline(__always) set { storage[Int(field.rawValue)] = newValue?.rawValue ?? 0 }
    }

    /// The sum of the levels' weights.
    @inline(__always)
    func sum(_ table: UnsafePointer<CompiledWeights.Table>) -> Int32 {
        var sum: Int32 = 0
        var index = 0
        while index < 11 {
            sum &+= table.pointee.levels[Int(storage[index])]
            index &+= 1
        }
        return sum
    }

    /// Equal levels in every field.
    public static func == (left: LevelVector, right: LevelVector) -> Bool {
        for index in 0..<11 where left.storage[index] != right.storage[index] { return false }
        return true
    }
}

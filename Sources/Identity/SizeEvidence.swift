import Identifiers

/// What the sizes of two groups of records say about their being one person.
///
/// Where sources know nobody twice, a third record of a person is a wonder; where every person has five, it is two
/// persons of two and three that are.
struct SizeEvidence {
    /// Millibits by the sizes of two groups, counted from 1, `limit` a row; the same for both orders.
    private var values: [Int64] = []
    private let limit: Int

    init(_ growth: [[MatchWeight]]) {
        limit = growth.count
        values = [Int64](repeating: 0, count: limit * limit)
        for (first, row) in growth.enumerated() {
            precondition(row.count == first + 1, "a row of growth has a column for each size up to its own")
            for (second, weight) in row.enumerated() {
                values[first * limit + second] = Int64(weight.millibits)
                values[second * limit + first] = Int64(weight.millibits)
            }
        }
    }

    /// Millibits that two groups add to the mean of the pairs across them.
    func between(_ first: Int64, _ second: Int64) -> Int64 {
        guard limit > 0 else { return 0 }
        return values[(min(Int(first), limit) - 1) * limit + min(Int(second), limit) - 1]
    }
}

import Testing

@testable import Matching

/// The bit-parallel kernel against the textbook table, over the same seven bits of each byte.
@Suite struct OSADistanceTests {
    @Test(arguments: [
        ("", "", 0), ("a", "", 1), ("", "abc", 3), ("ca", "abc", 3), ("martha", "marhta", 1), ("kitten", "sitting", 3),
        ("thomas", "thoas", 1), ("abcd", "badc", 2), ("okello", "okello", 0),
    ])
    func knownValues(first: String, second: String, distance: Int) {
        #expect(Self.kernel(Array(first.utf8), Array(second.utf8)) == distance)
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func equalsTheTextbook(seed: UInt64) {
        var random = RandomPeople(seed: seed)
        for _ in 0..<300 {
            let first = random.word(upTo: 31)
            let second = random.word(upTo: 31)
            #expect(Self.kernel(first, second) == Self.textbook(first, second))
            #expect(Self.kernel(first, second) == Self.kernel(second, first))
        }
    }

    static func kernel(_ first: [UInt8], _ second: [UInt8]) -> Int {
        var table = [UInt32](repeating: 0, count: PatternTable.length)
        return withPointers(first, second, &table) { table, first, firstCount, second, secondCount in
            OSADistance.distance(table: table, patternCount: firstCount, text: second, textCount: secondCount)
        }
    }

    static func withPointers<Result>(
        _ first: [UInt8],
        _ second: [UInt8],
        _ table: inout [UInt32],
        _ body: (UnsafePointer<UInt32>, UnsafePointer<UInt8>, Int, UnsafePointer<UInt8>, Int) -> Result
    ) -> Result {
        // One byte more, so that empty texts have an address.
        (first + [0]).withUnsafeBufferPointer { left in
            (second + [0]).withUnsafeBufferPointer { right in
                table.withUnsafeMutableBufferPointer { table in
                    guard let left = left.baseAddress, let right = right.baseAddress, let table = table.baseAddress
                    else { preconditionFailure("no buffer is empty") }
                    PatternTable.fill(table, left, first.count)
                    return body(table, left, first.count, right, second.count)
                }
            }
        }
    }

    private static func textbook(_ first: [UInt8], _ second: [UInt8]) -> Int {
        let first = first.map { $0 & 0x7F }
        let second = second.map { $0 & 0x7F }
        var table = [[Int]](repeating: [Int](repeating: 0, count: second.count + 1), count: first.count + 1)
        for row in 0...first.count { table[row][0] = row }
        for column in 0...second.count { table[0][column] = column }
        for row in 0..<first.count {
            for column in 0..<second.count {
                let change = first[row] == second[column] ? 0 : 1
                var best = min(table[row][column + 1] + 1, table[row + 1][column] + 1, table[row][column] + change)
                if row > 0, column > 0, first[row] == second[column - 1], first[row - 1] == second[column] {
                    best = min(best, table[row - 1][column - 1] + 1)
                }
                table[row + 1][column + 1] = best
            }
        }
        return table[first.count][second.count]
    }
}

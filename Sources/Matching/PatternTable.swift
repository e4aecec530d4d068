/// The positions of each character in one text, as bits: what the bit-parallel kernels read.
///
/// Characters are compared by their low seven bits, which keeps a table at half a kilobyte; folded text is ASCII, and
/// letters of other scripts still differ in enough of their bytes.
enum PatternTable {
    /// Where the tables of a query's texts stand, one behind the other.
    typealias Tables = UnsafePointer<UInt32>

    /// Entries of a table.
    static let length = 128

    /// Marks the positions of a text of at most 32 bytes in a zeroed table.
    @inline(__always)
    static func fill(
        _ table: UnsafeMutablePointer<UInt32>,
        _ text: UnsafePointer<UInt8>,
        _ count: Int
    ) {
        var index = 0
        while index < count {
            table[Int(text[index] & 0x7F)] |= 1 &<< UInt32(index)
            index &+= 1
        }
    }
}

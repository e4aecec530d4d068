import Bytes
public import Identifiers

/// How far a store has come on its leader's way: the epoch, and the number of the last commit message in it.
///
/// Of two replicas of a group the one at the smaller position lacks what the other has. A store that was wiped stands
/// at `zero`.
public struct StorePosition: Hashable, Comparable, Sendable {
    /// Before any leader.
    public static let zero = StorePosition(Epoch(0), 0)

    /// The epoch.
    public var epoch: Epoch
    /// The number of a commit message in it; 0 before the first.
    public var number: UInt64

    /// Makes a position.
    public init(_ epoch: Epoch, _ number: UInt64) {
        self.epoch = epoch
        self.number = number
    }

    /// Orders by epoch, then by number.
    public static func < (left: StorePosition, right: StorePosition) -> Bool {
        left.epoch != right.epoch ? left.epoch < right.epoch : left.number < right.number
    }

    func encode(into writer: inout ByteWriter) {
        writer.write(epoch.rawValue)
        writer.write(number)
    }

    init(from reader: inout ByteReader) throws(ByteError) {
        self.init(Epoch(try reader.read()), try reader.read())
    }
}

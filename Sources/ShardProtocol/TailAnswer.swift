import Bytes
public import Identifiers

/// The end of what a store has: where it stands, and its last commit message.
///
/// In-sync replicas of a group differ by one commit message at most, since the leader sends the next one only when all
/// have the last. So a new leader makes them equal by giving the last message of the foremost to the others.
public struct TailAnswer: Sendable, Equatable {
    /// Where the store stands; a fence counts as the beginning of its epoch.
    public var position: StorePosition
    /// Where its last commit message stood; `zero` where it never had one.
    public var last: StorePosition
    /// Where the commit message before that one stood; `zero` where there was none or none is known.
    public var previous: StorePosition
    /// The sequence through which the store has everything.
    public var through: Sequence
    /// The operations of the last commit message; empty where they were not asked for.
    public var operations: [UInt8]

    /// Makes an answer.
    public init(
        position: StorePosition,
        last: StorePosition,
        previous: StorePosition,
        through: Sequence,
        operations: [UInt8]
    ) {
        self.position = position
        self.last = last
        self.previous = previous
        self.through = through
        self.operations = operations
    }

    func encode(into writer: inout ByteWriter) {
        position.encode(into: &writer)
        last.encode(into: &writer)
        previous.encode(into: &writer)
        writer.write(through.rawValue)
        writer.write(prefixed: operations)
    }

    init(from reader: inout ByteReader) throws(ByteError) {
        position = try StorePosition(from: &reader)
        last = try StorePosition(from: &reader)
        previous = try StorePosition(from: &reader)
        through = Sequence(try reader.read())
        operations = try reader.readBytes(limit: CommitRequest.byteLimit)
    }
}

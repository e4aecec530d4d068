import Bytes
public import Identifiers

/// Writes to one shard, in the leader's order; answered when they are durable.
public struct CommitRequest: Sendable, Equatable {
    /// Largest run of operations in one request, in bytes.
    public static let byteLimit = 64 << 20

    /// The leader's epoch; a shard that has seen a higher one refuses.
    public var epoch: Epoch
    /// The highest sequence number among the writes.
    public var through: Sequence
    /// The operations, as `OperationWriter` wrote them.
    public var operations: [UInt8]

    /// Makes a request.
    public init(epoch: Epoch, through: Sequence, operations: [UInt8]) {
        self.epoch = epoch
        self.through = through
        self.operations = operations
    }

    func encode(into writer: inout ByteWriter) {
        writer.write(epoch.rawValue)
        writer.write(through.rawValue)
        writer.write(prefixed: operations)
    }

    init(from reader: inout ByteReader) throws(ByteError) {
        epoch = Epoch(try reader.read())
        through = Sequence(try reader.read())
        operations = try reader.readBytes(limit: CommitRequest.byteLimit)
    }
}

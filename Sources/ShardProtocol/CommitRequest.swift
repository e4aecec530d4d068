import Bytes
public import Identifiers

/// Writes to one shard, in the leader's order; answered when they are durable.
public struct CommitRequest: Sendable, Equatable {
    /// Largest run of operations in one request, in bytes.
    public static let byteLimit = 64 << 20

    /// The leader's epoch; a shard that has seen a higher one refuses.
    public var epoch: Epoch
    /// The number of the message in its epoch on its way to this shard, from 1.
    ///
    /// A shard remembers the last number with its epoch, durably, in the log frame; a message of the same epoch whose
    /// number is not higher has been applied before and is answered `committed` without being applied again: a late
    /// duplicate must not undo what came after it.
    public var number: UInt64
    /// The sequence through which this shard has everything once the message is durable; never decreases.
    public var through: Sequence
    /// The operations, as `OperationWriter` wrote them.
    public var operations: [UInt8]

    /// Makes a request.
    public init(epoch: Epoch, number: UInt64, through: Sequence, operations: [UInt8]) {
        self.epoch = epoch
        self.number = number
        self.through = through
        self.operations = operations
    }

    func encode(into writer: inout ByteWriter) {
        writer.write(epoch.rawValue)
        writer.write(number)
        writer.write(through.rawValue)
        writer.write(prefixed: operations)
    }

    init(from reader: inout ByteReader) throws(ByteError) {
        epoch = Epoch(try reader.read())
        number = try reader.read()
        through = Sequence(try reader.read())
        operations = try reader.readBytes(limit: CommitRequest.byteLimit)
    }
}

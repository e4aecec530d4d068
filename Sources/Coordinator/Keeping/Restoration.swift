public import Identifiers
public import ShardProtocol
public import Topology

/// Puts what a backup holds into the empty stores of a new cluster, whatever their number.
///
///     var restoration = Restoration(map: map, shards: clients)
///     while let frame = try reader.next() { try await restoration.take(frame) }
///     try await restoration.finish()
public struct Restoration: Sendable {
    /// Before the first leader: whoever leads the new cluster is newer.
    private static let epoch = Epoch(0)

    private let routing: Routing
    private var numbers: [UInt64]
    /// The last write that was taken in.
    public private(set) var through: Sequence
    /// Rows and postings that were written, also those that were written over again.
    public private(set) var written: UInt64 = 0

    /// Begins.
    ///
    /// - Parameters:
    ///   - map: the map of the new cluster; its groups are numbered from 0 without a gap.
    ///   - shards: their clients, in the order of groups.
    ///   - start: the sequence through which the rows of the backup are complete before any of its batches.
    public init(map: ClusterMap, shards: [any ShardClient], after start: Sequence) {
        precondition(map.groups.count == shards.count, "each group has a client")
        routing = Routing(StoredMap(map: map, revision: 0), clients: shards.map { $0 })
        numbers = [UInt64](repeating: 0, count: shards.count)
        through = start
    }

    /// Takes a frame.
    ///
    /// - Throws: `BackupFault` where it cannot be read, is not the next one, or a store refuses it.
    public mutating func take(_ frame: BackupFrame) async throws(BackupFault) {
        switch frame.kind {
        case .rules: try await install(frame.content)
        case .rows: try await write(try RowWriteCoding.decode(frame.content))
        case .batch:
            guard frame.first == through.next, frame.last >= frame.first else {
                throw BackupFault("write \(frame.first) does not follow write \(through): something is missing")
            }
            try await write(try RowWriteCoding.decode(frame.content))
            through = frame.last
        }
    }

    /// Ends: every store knows how far it is, so that the new cluster counts on from there.
    public mutating func finish() async throws(BackupFault) {
        for group in routing.groups {
            var operations = OperationWriter()
            // An empty message is not kept: something must be in it.
            operations.delete(.intent, StoreKey(0))
            try await commit(operations, to: group, through: through)
        }
    }

    private func install(_ rules: [UInt8]) async throws(BackupFault) {
        for group in routing.groups {
            do throws(ShardError) {
                _ = try await routing.client(group).install(rules: rules)
            } catch {
                throw BackupFault(WritePath.words(error))
            }
        }
    }

    private mutating func write(_ writes: [RowWrite]) async throws(BackupFault) {
        for part in RowRouter(routing: routing).route(writes) {
            written += UInt64(part.operations.count)
            try await commit(part.operations, to: part.shard, through: .zero)
        }
    }

    private mutating func commit(
        _ operations: OperationWriter,
        to shard: ShardID,
        through: Sequence
    ) async throws(BackupFault) {
        numbers[Int(shard.rawValue)] += 1
        do throws(ShardError) {
            try await routing.client(shard).commit(
                CommitRequest(
                    epoch: Self.epoch,
                    number: numbers[Int(shard.rawValue)],
                    through: through,
                    operations: operations.bytes
                )
            )
        } catch {
            throw BackupFault(WritePath.words(error))
        }
    }
}

internal import Identifiers
internal import ShardStore

/// The stores of all shards below a directory, as `serve` and `cluster/up` lay them out.
struct BulkShards: Sendable {
    /// What was found.
    enum Stage: Sendable, Equatable {
        /// Nothing, or what an interrupted load left: it is begun anew.
        case empty
        /// A load that was whole and not put in place everywhere.
        case whole
    }

    private let directory: String
    private let shards: [BulkShard]

    /// Takes the directories `shard-1`, `shard-2` and so on.
    ///
    /// - Throws: a failure that says which cannot be used.
    init(directory: String, count: Int, vault: Vault?) throws(CommandFailure) {
        self.directory = directory
        var shards: [BulkShard] = []
        for number in 1...count {
            do throws(StoreError) {
                shards.append(try BulkShard(directory: "\(directory)/shard-\(number)", vault: vault))
            } catch {
                throw CommandFailure("\(directory)/shard-\(number): \(error)")
            }
        }
        self.shards = shards
    }

    /// Where they stand together.
    ///
    /// - Throws: a failure where there is a registry already.
    func stage() async throws(CommandFailure) -> Stage {
        var stages: [BulkStore.Stage] = []
        for shard in shards { stages.append(await shard.stage) }
        if stages.contains(.sealed), !stages.contains(.empty) { return .whole }
        guard !stages.contains(.opened) else {
            throw CommandFailure("\(directory) holds a registry: add to it with tessera load, without --bulk")
        }
        return .empty
    }

    /// Begins anew.
    func begin() async throws(CommandFailure) {
        try await each { shard throws(StoreError) in try await shard.begin() }
    }

    /// Hands out operations.
    func take(_ parts: [(shard: ShardID, operations: [UInt8])]) async throws(CommandFailure) {
        let byShard = Dictionary(parts.map { (Int($0.shard.rawValue), $0.operations) }, uniquingKeysWith: +)
        try await numbered { number, shard throws(StoreError) in
            if let operations = byShard[number] { try await shard.take(operations) }
        }
    }

    /// Makes everything durable, and then a registry.
    ///
    /// Every store is whole before the first is put in place; a run that is interrupted between goes on here.
    func finish(through last: Sequence) async throws(CommandFailure) {
        try await each { shard throws(StoreError) in try await shard.seal(through: last) }
        try await putInPlace()
    }

    /// Makes a registry of what is whole.
    func putInPlace() async throws(CommandFailure) {
        try await each { shard throws(StoreError) in try await shard.open() }
    }

    private func each(
        _ work: @escaping @Sendable (BulkShard) async throws(StoreError) -> Void
    ) async throws(CommandFailure) {
        try await numbered { _, shard throws(StoreError) in try await work(shard) }
    }

    private func numbered(
        _ work: @escaping @Sendable (Int, BulkShard) async throws(StoreError) -> Void
    ) async throws(CommandFailure) {
        let directory = directory
        let failures = await withTaskGroup(of: CommandFailure?.self) { group in
            for (number, shard) in shards.enumerated() {
                group.addTask {
                    do throws(StoreError) {
                        try await work(number, shard)
                        return nil
                    } catch {
                        return CommandFailure("\(directory)/shard-\(number + 1): \(error)")
                    }
                }
            }
            return await group.reduce(into: [CommandFailure]()) { if let failure = $1 { $0.append(failure) } }
        }
        if let failure = failures.first { throw failure }
    }
}

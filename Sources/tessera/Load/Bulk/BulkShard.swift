internal import Identifiers
internal import ShardStore

/// One shard's store while a bulk load fills it; the stores of all shards are written side by side.
actor BulkShard {
    private let store: BulkStore

    /// Takes a directory.
    init(directory: String, vault: Vault?) throws(StoreError) {
        store = try BulkStore(directory: directory, vault: vault)
    }

    /// Where the store stands.
    var stage: BulkStore.Stage { store.stage }

    /// Begins anew.
    func begin() throws(StoreError) { try store.begin() }

    /// Takes operations.
    func take(_ operations: [UInt8]) throws(StoreError) { try store.take(operations) }

    /// Makes everything durable.
    func seal(through last: Sequence) throws(StoreError) { try store.seal(through: last) }

    /// Puts it in place, unless it is there already.
    func open() throws(StoreError) {
        if store.stage == .sealed { try store.open() }
    }
}

import ShardProtocol
import ShardService
import ShardStore

/// A store that can be let go of and opened again in the same process.
///
/// The store's own threads hold it for a moment after the last answer, so that letting go means waiting for them.
final class ReopenableStore {
    let directory: String
    let configuration: StoreConfiguration
    let vault: Vault?
    private(set) var shard: InProcessShard?

    init(
        _ directory: String,
        _ configuration: StoreConfiguration = StoreConfiguration(),
        vault: Vault? = nil
    ) throws {
        self.directory = directory
        self.configuration = configuration
        self.vault = vault
        shard = InProcessShard(try ShardStore(directory: directory, configuration: configuration, vault: vault))
    }

    /// Lets go of the store without closing it, and opens it again.
    func reopen() async throws -> InProcessShard {
        try await letGo()
        let opened = InProcessShard(
            try ShardStore(directory: directory, configuration: configuration, vault: vault)
        )
        shard = opened
        return opened
    }

    /// Lets go of the store without closing it.
    func letGo() async throws {
        weak let old = shard?.store
        shard = nil
        while old != nil { try await Task.sleep(for: .milliseconds(1)) }
    }
}

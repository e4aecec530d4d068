public import Logging
internal import Identifiers
internal import ShardProtocol
public import ShardStore

/// Keeps a shard's store behind a server: opens it, looks for damage on its disk, and mends it when a leader says so.
///
/// A store that is damaged is no reason for the process to end: the leader of its group takes it out of the in-sync
/// set, has it give up what is damaged, and fills it from another replica. Where there is none, it stays as it is.
public actor StoreKeeper {
    /// Makes the store, again after it was mended.
    public typealias Opening = @Sendable () throws(StoreError) -> ShardStore

    private let directory: String
    private let server: ShardServer
    private let logger: Logger
    private let opening: Opening
    private var store: ShardStore?
    private var isLogDamaged = false

    /// Puts a keeper together; `open` comes next.
    ///
    /// - Parameters:
    ///   - directory: where the store is.
    ///   - server: answers from the store.
    ///   - logger: told what was damaged, and what was done about it.
    ///   - opening: makes the store.
    public init(directory: String, server: ShardServer, logger: Logger, opening: @escaping Opening) {
        self.directory = directory
        self.server = server
        self.logger = logger
        self.opening = opening
    }

    /// Opens the store and serves it, or serves its damage.
    ///
    /// - Returns: the store, where it could be opened.
    /// - Throws: `StoreError` where something else than damage keeps it from being opened.
    @discardableResult
    public func open() throws(StoreError) -> ShardStore? {
        server.mend { [weak self] epoch in
            await self?.mend(epoch) ?? .failure(.unavailable("the shard is shutting down"))
        }
        do throws(StoreError) {
            let store = try opening()
            self.store = store
            server.serve(store)
            return store
        } catch {
            guard error.isDamage else { throw error }
            if case .damaged = error { isLogDamaged = false } else { isLogDamaged = true }
            logger.critical("the store is damaged and cannot be opened", metadata: ["damage": "\(error)"])
            server.damaged(error.description)
            return nil
        }
    }

    /// Compares the store's files with their checksums, once and then again and again, until the task is cancelled.
    ///
    /// - Parameters:
    ///   - pause: between the end of a round and the next one.
    ///   - rest: after each mebibyte.
    public func watch(every pause: Duration, rest: Duration) async {
        while !Task.isCancelled {
            if let found = await store?.findDamage(rest: { try? await Task.sleep(for: rest) }), !found.isEmpty {
                logger.critical("the store is damaged", metadata: ["damage": "\(found.joined(separator: "; "))"])
            }
            try? await Task.sleep(for: pause)
        }
    }

    /// The store, while it is open; not to be kept, since it is another one after it was mended.
    public var stores: [ShardStore] { store.map { [$0] } ?? [] }

    /// Closes the store.
    public func close() async {
        let closing = store
        store = nil
        await closing?.close()
    }

    /// A store that was closed lets go of its directory when its last piece of work has ended, a moment later.
    private func giveUp(isLog: Bool) async throws(StoreError) -> [String] {
        for _ in 0..<Self.attempts {
            do throws(StoreError) {
                return try StoreMending.dropDamaged(in: directory, isLog: isLog)
            } catch {
                guard case .inUse = error else { throw error }
            }
            try? await Task.sleep(for: Self.attemptPause)
        }
        return try StoreMending.dropDamaged(in: directory, isLog: isLog)
    }

    private static let attempts = 100
    private static let attemptPause: Duration = .milliseconds(20)

    private func mend(_ epoch: Epoch) async -> ShardAnswer {
        if let store {
            let answer = await InProcessShard.answer(store, .status)
            guard case .status(let status) = answer else { return answer }
            guard epoch >= status.epoch else { return .failure(.staleEpoch(highest: status.epoch)) }
            guard !status.damage.isEmpty else { return answer }
        }
        server.refuse("what is damaged is being given up")
        let wasOpen = store != nil
        await close()
        do throws(StoreError) {
            let files = try await giveUp(isLog: !wasOpen && isLogDamaged)
            logger.warning("gave up what was damaged", metadata: ["files": "\(files.joined(separator: " "))"])
            guard let opened = try open() else { return .failure(.storage("the store is damaged still")) }
            return await InProcessShard.answer(opened, .status)
        } catch {
            server.damaged(error.description)
            return .failure(.storage(error.description))
        }
    }
}

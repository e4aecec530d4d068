internal import Bytes
internal import Glibc
public import Identifiers
internal import ShardProtocol

/// Fills an empty store with what is known beforehand: sorted runs, written from one end to the other, and no log.
///
///     let store = try BulkStore(directory: "registry/shard-1")
///     try store.take(operations)
///     try store.seal(through: last)
///     // when all shards are sealed
///     try store.open()
///
/// What is not sealed is begun anew by the next attempt; until `open`, no `ShardStore` opens the directory. Used by one
/// thread at a time.
public final class BulkStore {
    /// Where it stands.
    public enum Stage: Sendable, Equatable {
        /// Nothing is in it that counts.
        case empty
        /// Everything is in it; it waits for the other shards.
        case sealed
        /// It is a store like any other.
        case opened
    }

    /// Memory of one run: fewer, larger runs are merged less often afterwards.
    public static let runBytes = 192 << 20

    private let directory: String
    private let lock: StoreLock
    private let runBytes: Int
    private let vault: Vault?
    private var state: TieredState?
    private var delta = Delta(after: StateMark())
    /// Where it stands.
    public private(set) var stage: Stage

    /// Takes the directory of a store that is empty, or was left by an attempt before.
    ///
    /// - Parameters:
    ///   - directory: the store's directory, made where there is none.
    ///   - runBytes: memory of one run.
    ///   - vault: the keys that rows are sealed under; `nil` where they are written in clear.
    /// - Throws: `StoreError`; `.state` where there is a store already.
    public init(
        directory: String,
        runBytes: Int = BulkStore.runBytes,
        vault: Vault? = nil
    ) throws(StoreError) {
        precondition(runBytes > 0, "a run needs room")
        self.directory = directory
        self.runBytes = runBytes
        self.vault = vault
        try StoreLock.makeDirectory(directory)
        lock = try StoreLock(directory: directory)
        if access(BulkStore.sealedPath(directory), F_OK) == 0 {
            stage = .sealed
        } else if access(directory + "/state", F_OK) == 0 || access(directory + "/state.mdb", F_OK) == 0 {
            stage = .opened
        } else {
            stage = .empty
        }
    }

    /// Begins, and drops what an attempt before left unfinished.
    ///
    /// - Throws: `StoreError`.
    public func begin() throws(StoreError) {
        precondition(stage != .opened, "only an empty store is filled")
        let path = BulkStore.path(directory)
        if access(path, F_OK) == 0 {
            for name in try DiskLogDirectory(path: path).list() { unlink(path + "/" + name) }
        }
        stage = .empty
        delta = Delta(after: StateMark())
        state = try TieredState(directory: path, vault: vault)
        try StoreLock.sync(directory)
    }

    /// Takes operations as a commit message has them; later ones win.
    ///
    /// - Throws: `StoreError`; begin anew then.
    public func take(_ operations: [UInt8]) throws(StoreError) {
        let fault: StoreError? = operations.withBytes { bytes in
            var reader = OperationReader(bytes)
            do throws(ByteError) {
                while let operation = try reader.next() { delta.apply(operation) }
                return nil
            } catch {
                return .state("operations: \(error)")
            }
        }
        if let fault { throw fault }
        delta.advance(to: 0, Epoch(0), message: 0, .zero, logBytes: operations.count)
        if delta.bytes >= runBytes { try flush() }
    }

    /// Makes everything durable, complete through a write.
    ///
    /// - Throws: `StoreError`; begin anew then.
    public func seal(through last: Sequence) throws(StoreError) {
        delta.advance(to: 0, Epoch(0), message: 0, last, logBytes: 1)
        try flush()
        state = nil
        let path = BulkStore.sealedPath(directory)
        let file = Glibc.open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw .last("open", path) }
        close(file)
        try StoreLock.sync(BulkStore.path(directory))
        stage = .sealed
    }

    /// Makes it a store like any other.
    ///
    /// - Throws: `StoreError`; may be tried again.
    public func open() throws(StoreError) {
        precondition(stage == .sealed, "only what is whole is opened")
        let path = BulkStore.path(directory)
        // The mark goes with the folder: a store does not mind a file that it does not know.
        guard rename(path, directory + "/state") == 0 else { throw .last("rename", path) }
        try StoreLock.sync(directory)
        unlink(directory + "/state/" + BulkStore.mark)
        stage = .opened
    }

    private func flush() throws(StoreError) {
        guard let state else { preconditionFailure("a load begins before it takes anything") }
        try state.apply(DeltaChanges(delta), mark: delta.mark)
        delta = Delta(after: delta.mark)
    }

    private static let mark = "sealed"

    /// Where a load lies until it is whole.
    static func path(_ directory: String) -> String { directory + "/bulk" }

    private static func sealedPath(_ directory: String) -> String { path(directory) + "/" + mark }
}

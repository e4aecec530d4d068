internal import Locks

/// The keys under which a store is sealed; they can be replaced while it works.
///
///     let vault = Vault(try VaultKeys(parsing: text))
///     let store = try ShardStore(directory: "/var/lib/tessera/shard-1", vault: vault)
///     ...
///     try vault.replace(newer)       // from now on frames and rows are sealed under the newest
public final class Vault: Sendable {
    private let kept: Mutex<VaultKeys>
    private let source = Mutex(NonceSource())

    /// A vault with keys.
    public init(_ keys: VaultKeys) { kept = Mutex(keys) }

    /// Takes other keys; those in use stay as long as the process.
    ///
    /// - Throws: `StoreError.keys` where a number has another key now: what was sealed under it could not be told from
    ///   what is sealed under its successor.
    public func replace(_ keys: VaultKeys) throws(StoreError) {
        try kept.withLock { kept throws(StoreError) in
            for (number, key) in keys.keys {
                guard let known = kept.keys[number], known != key else { continue }
                throw .keys("key \(number) is another one than before: give a new key a new number")
            }
            guard keys.current >= kept.current else {
                throw .keys("key \(kept.current) is missing, under which is written now")
            }
            kept = keys.keeping(kept)
        }
    }

    /// The number of the key under which is written.
    public var current: UInt32 { kept.withLock { $0.current } }

    /// Nonces for one writer.
    func nonces() -> NonceSource.Block { source.withLock { $0.take() } }

    /// The key with a number.
    func key(_ number: UInt32) -> [UInt8]? { kept.withLock { $0.keys[number] } }

    /// The key under which is written, with its number.
    var newest: (number: UInt32, key: [UInt8]) {
        kept.withLock { kept in (kept.current, kept.keys[kept.current] ?? []) }
    }
}

public import Access
internal import Foundation
internal import Locks

/// The keys of the issuers, read from files again when those change, or handed in by whoever fetches them.
public final class KeyRing: Sendable {
    private struct Stamp: Equatable {
        var size: Int
        var changed: Date
        var inode: Int
    }

    private struct Held {
        var keys: KeySet?
        var stamp: Stamp?
        var nextLook: UInt64 = 0
        /// A token named a key that is not there.
        var isMissing = false
    }

    private let held = Mutex<[String: Held]>([:])
    /// Milliseconds between two looks at a file.
    private static let lookInterval: UInt64 = 1_000

    /// An empty ring.
    public init() {}

    /// Whether an issuer's keys have to be fetched.
    public static func isRemote(_ issuer: TokenIssuer) -> Bool { issuer.keys.hasPrefix("https://") }

    /// Reads the keys of an issuer from its file, where they are in one.
    ///
    /// - Throws: what is wrong with the file.
    public func load(_ issuer: TokenIssuer) throws(KeySet.Fault) {
        guard !Self.isRemote(issuer) else { return }
        let stamp = Self.stamp(issuer.keys)
        guard let data = FileManager.default.contents(atPath: issuer.keys) else {
            throw KeySet.Fault(reason: "\(issuer.keys) cannot be read")
        }
        let keys = try KeySet(jwks: [UInt8](data))
        held.withLock { held in
            held[issuer.issuer, default: Held()].keys = keys
            held[issuer.issuer, default: Held()].stamp = stamp
        }
    }

    /// Takes keys that were fetched.
    public func replace(_ issuer: TokenIssuer, by keys: KeySet) {
        held.withLock { held in
            held[issuer.issuer, default: Held()].keys = keys
            held[issuer.issuer, default: Held()].isMissing = false
        }
    }

    /// Whether a token named a key that is not there since this was last asked.
    public func takeMissing(_ issuer: TokenIssuer) -> Bool {
        held.withLock { held in
            defer { held[issuer.issuer]?.isMissing = false }
            return held[issuer.issuer].map { $0.isMissing || $0.keys == nil } ?? true
        }
    }

    /// The keys of an issuer; `nil` where there are none yet.
    func keys(of issuer: TokenIssuer, naming id: String?, at now: UInt64) -> KeySet? {
        lookAgain(issuer, at: now)
        return held.withLock { held in
            guard let keys = held[issuer.issuer]?.keys else { return nil }
            if let id, !keys.holds(id) { held[issuer.issuer]?.isMissing = true }
            return keys
        }
    }

    /// Reads a file that changed; one that cannot be used leaves the old keys.
    private func lookAgain(_ issuer: TokenIssuer, at now: UInt64) {
        guard !Self.isRemote(issuer) else { return }
        let isDue = held.withLock { held in
            guard now >= held[issuer.issuer]?.nextLook ?? 0 else { return false }
            held[issuer.issuer, default: Held()].nextLook = now + Self.lookInterval
            return true
        }
        guard isDue else { return }
        let stamp = Self.stamp(issuer.keys)
        guard held.withLock({ $0[issuer.issuer]?.stamp != stamp }) else { return }
        try? load(issuer)
    }

    private static func stamp(_ path: String) -> Stamp? {
        guard let facts = try? FileManager.default.attributesOfItem(atPath: path) else { return nil }
        return Stamp(
            size: facts[.size] as? Int ?? 0,
            changed: facts[.modificationDate] as? Date ?? .distantPast,
            inode: facts[.systemFileNumber] as? Int ?? 0
        )
    }
}

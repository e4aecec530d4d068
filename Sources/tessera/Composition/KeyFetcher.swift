import Access
import Entrance
import Foundation
import Logging

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

/// Fetches the keys of issuers that publish them, again and again: keys are rotated.
struct KeyFetcher {
    /// Seconds between two fetches while all is well.
    static let interval = 300
    /// Seconds between two fetches where a key is missing: a token with an invented key must not become a flood.
    static let missingInterval = 10
    /// Seconds that an issuer may take.
    private static let patience = 10.0
    /// Longest set of keys.
    static let bytesMax = 1 << 20

    let issuers: [TokenIssuer]
    let keys: KeyRing
    let logger: Logger
    /// Fetches what lies at an address: its status and its bytes.
    var fetch: @Sendable (URL) async throws -> (status: Int, bytes: [UInt8]) = { try await KeyFetcher.get($0) }

    /// Fetches until it is cancelled.
    func run() async {
        var since = Self.interval
        while !Task.isCancelled {
            await turn(&since)
            try? await Task.sleep(for: .seconds(Self.missingInterval))
        }
    }

    /// Fetches what is due: everything after the long interval, else the keys of issuers of which one is missing.
    ///
    /// - Parameter since: seconds since everything was fetched.
    func turn(_ since: inout Int) async {
        let isDue = since >= Self.interval
        for issuer in issuers {
            // Asked in any case: what was missing is fetched now.
            let isMissing = keys.takeMissing(issuer)
            if isDue || isMissing { await fetch(issuer) }
        }
        since = (isDue ? 0 : since) + Self.missingInterval
    }

    private func fetch(_ issuer: TokenIssuer) async {
        guard let url = URL(string: issuer.keys) else { return }
        do {
            let (status, bytes) = try await fetch(url)
            guard status == 200, bytes.count <= Self.bytesMax else {
                logger.warning(
                    "keys not fetched",
                    metadata: ["issuer": "\(issuer.issuer)", "reason": "status \(status), \(bytes.count) bytes"]
                )
                return
            }
            keys.replace(issuer, by: try KeySet(jwks: bytes))
        } catch {
            // What is held goes on being used.
            logger.warning("keys not fetched", metadata: ["issuer": "\(issuer.issuer)", "reason": "\(error)"])
        }
    }

    private static func get(_ url: URL) async throws -> (status: Int, bytes: [UInt8]) {
        let session = URLSession(configuration: .ephemeral)
        defer { session.finishTasksAndInvalidate() }
        let request = URLRequest(url: url, cachePolicy: .reloadIgnoringLocalCacheData, timeoutInterval: patience)
        // A request that is cancelled may never come back (`WebHookSender`): nobody cancels this one.
        let (data, response) = try await Task { try await session.data(for: request) }.value
        return ((response as? HTTPURLResponse)?.statusCode ?? 0, [UInt8](data))
    }
}

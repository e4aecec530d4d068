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
    private static let interval = 300
    /// Seconds between two fetches where a key is missing: a token with an invented key must not become a flood.
    private static let missingInterval = 10
    /// Seconds that an issuer may take.
    private static let patience = 10.0
    /// Longest set of keys.
    private static let bytesMax = 1 << 20

    let issuers: [TokenIssuer]
    let keys: KeyRing
    let logger: Logger

    /// Fetches until it is cancelled.
    func run() async {
        let session = URLSession(configuration: .ephemeral)
        var since = Self.interval
        while !Task.isCancelled {
            for issuer in issuers where since >= Self.interval || keys.takeMissing(issuer) {
                await fetch(issuer, session)
            }
            if since >= Self.interval { since = 0 }
            try? await Task.sleep(for: .seconds(Self.missingInterval))
            since += Self.missingInterval
        }
        session.invalidateAndCancel()
    }

    private func fetch(_ issuer: TokenIssuer, _ session: URLSession) async {
        guard let url = URL(string: issuer.keys) else { return }
        do {
            let request = URLRequest(
                url: url,
                cachePolicy: .reloadIgnoringLocalCacheData,
                timeoutInterval: Self.patience
            )
            let (data, response) = try await session.data(for: request)
            guard (response as? HTTPURLResponse)?.statusCode == 200, data.count <= Self.bytesMax else {
                logger.warning("keys not fetched", metadata: ["issuer": "\(issuer.issuer)", "reason": "no 200"])
                return
            }
            keys.replace(issuer, by: try KeySet(jwks: [UInt8](data)))
        } catch {
            // What is held goes on being used.
            logger.warning("keys not fetched", metadata: ["issuer": "\(issuer.issuer)", "reason": "\(error)"])
        }
    }
}

import Foundation
import Gateway

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

/// Sends what subscribers are told over HTTP, to whatever endpoint they named.
struct WebHookSender: HookSender {
    private let session: URLSession

    init() {
        let configuration = URLSessionConfiguration.ephemeral
        configuration.httpMaximumConnectionsPerHost = 16
        configuration.httpCookieStorage = nil
        configuration.urlCache = nil
        session = URLSession(configuration: configuration)
    }

    func send(_ request: HookRequest) async -> HookAnswer {
        guard let url = URL(string: request.url) else { return .failed("the endpoint is no address") }
        var sent = URLRequest(
            url: url,
            cachePolicy: .reloadIgnoringLocalCacheData,
            timeoutInterval: Double(request.timeoutSeconds)
        )
        sent.httpMethod = request.method
        for (name, value) in request.headers { sent.setValue(value, forHTTPHeaderField: name) }
        sent.httpBody = Data(request.body)
        let whole = sent
        // On Linux a request that is cancelled may never come back, and whoever waits for it never goes on: it runs in
        // a task of its own, which nobody cancels, and ends by its time limit.
        return await Task { await ask(whole) }.value
    }

    private func ask(_ request: URLRequest) async -> HookAnswer {
        do {
            let (_, response) = try await session.data(for: request)
            guard let status = (response as? HTTPURLResponse)?.statusCode else { return .failed("no status") }
            return .status(status)
        } catch {
            // The error's own words name the endpoint, which may hold a secret.
            return .failed("no answer (\((error as? URLError)?.code.rawValue ?? 0))")
        }
    }
}

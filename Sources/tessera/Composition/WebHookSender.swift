import Foundation
import Gateway

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

/// Sends what subscribers are told over HTTP, to whatever endpoint they named.
///
/// A redirect is not followed: what is told of patients goes to the endpoint that was named and nowhere else.
struct WebHookSender: HookSender {
    private let session: URLSession
    private let answers = HookAnswers()
    /// Names that were looked up, and whether nothing is sent there.
    private let verdicts: Verdicts

    init(_ reach: HookReach) {
        verdicts = Verdicts(reach)
        let configuration = URLSessionConfiguration.ephemeral
        configuration.httpMaximumConnectionsPerHost = 16
        configuration.httpCookieStorage = nil
        configuration.urlCache = nil
        session = URLSession(configuration: configuration, delegate: answers, delegateQueue: nil)
    }

    func send(_ request: HookRequest) async -> HookAnswer {
        guard let url = URL(string: request.url), let host = HookEndpoint.host(of: request.url) else {
            return .failed("the endpoint is no address")
        }
        if let refusal = verdicts.refusal(of: host) { return .failed(refusal) }
        var sent = URLRequest(
            url: url,
            cachePolicy: .reloadIgnoringLocalCacheData,
            timeoutInterval: Double(request.timeoutSeconds)
        )
        sent.httpMethod = request.method
        for (name, value) in request.headers { sent.setValue(value, forHTTPHeaderField: name) }
        sent.httpBody = Data(request.body)
        // On Linux a request that is cancelled may never come back, and whoever waits for it never goes on: nobody
        // cancels it, and it ends by its time limit.
        let task = session.dataTask(with: sent)
        return await withCheckedContinuation { continuation in
            answers.await(task.taskIdentifier, continuation)
            task.resume()
        }
    }
}

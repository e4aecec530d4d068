import Foundation
import Gateway
import Locks

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

/// Hands what subscribers answer to whoever waits for it, and leaves a redirect as the answer that it is.
final class HookAnswers: NSObject, URLSessionDataDelegate {
    private let waiting = Mutex<[Int: CheckedContinuation<HookAnswer, Never>]>([:])

    /// Has a task of the session answered to somebody; it must not have begun.
    func await(_ task: Int, _ continuation: CheckedContinuation<HookAnswer, Never>) {
        waiting.withLock { $0[task] = continuation }
    }

    func urlSession(
        _ session: URLSession,
        task: URLSessionTask,
        willPerformHTTPRedirection response: HTTPURLResponse,
        newRequest request: URLRequest,
        completionHandler: @escaping @Sendable (URLRequest?) -> Void
    ) {
        completionHandler(nil)
        // On Linux the task does not end by itself then.
        answer(task.taskIdentifier, .status(response.statusCode))
        task.cancel()
    }

    func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
        if let error {
            // The error's own words name the endpoint, which may hold a secret.
            answer(task.taskIdentifier, .failed("no answer (\((error as? URLError)?.code.rawValue ?? 0))"))
        } else if let status = (task.response as? HTTPURLResponse)?.statusCode {
            answer(task.taskIdentifier, .status(status))
        } else {
            answer(task.taskIdentifier, .failed("no status"))
        }
    }

    private func answer(_ task: Int, _ answer: HookAnswer) {
        waiting.withLock { $0.removeValue(forKey: task) }?.resume(returning: answer)
    }
}

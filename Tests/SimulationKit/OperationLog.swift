import Identifiers
import Locks

/// Everything that clients asked under each key and what they were answered, in the order in which it began and ended.
///
/// What was not answered may have been done, at any later time, or never.
package final class OperationLog: Sendable {
    /// What was asked.
    package enum Request: Sendable, Hashable {
        case write([UInt8])
        case delete
        case read
    }

    /// What was answered.
    package enum Answer: Sendable, Hashable {
        case stored(version: UInt32)
        case removed(version: UInt32)
        /// There was nothing to remove.
        case notFound
        /// A read found this.
        case found(version: UInt32, [UInt8])
        /// A read found a removal, or with version 0 nothing at all.
        case nothing(version: UInt32)
    }

    /// A question and its answer.
    package struct Operation: Sendable {
        package var request: Request
        /// Places in the order of everything that began or ended anywhere.
        package var began: Int
        package var ended: Int?
        package var answer: Answer?

        package init(_ request: Request, began: Int, ended: Int? = nil, answer: Answer? = nil) {
            self.request = request
            self.began = began
            self.ended = ended
            self.answer = answer
        }
    }

    private struct State {
        var order = 0
        var keys: [RecordKey] = []
        var operations: [RecordKey: [Operation]] = [:]

        mutating func next() -> Int {
            order += 1
            return order
        }
    }

    private let state = Mutex(State())

    package init() {}

    /// Notes that something is asked.
    ///
    /// - Returns: what to end it with.
    func begin(_ request: Request, of key: RecordKey) -> Int {
        state.withLock { state in
            let began = state.next()
            if state.operations[key] == nil { state.keys.append(key) }
            state.operations[key, default: []].append(Operation(request, began: began))
            return began
        }
    }

    /// Notes what was answered; a question without an answer stays open.
    func end(_ began: Int, of key: RecordKey, _ answer: Answer) {
        state.withLock { state in
            let ended = state.next()
            guard let place = state.operations[key]?.lastIndex(where: { $0.began == began }) else { return }
            state.operations[key]?[place].ended = ended
            state.operations[key]?[place].answer = answer
        }
    }

    /// All keys, in the order in which they were first asked about.
    var keys: [RecordKey] { state.withLock { $0.keys } }

    /// What happened under a key, in the order in which it began.
    func operations(of key: RecordKey) -> [Operation] { state.withLock { $0.operations[key] ?? [] } }
}

extension OperationLog.Answer {
    /// The version that it tells of.
    var version: UInt32? {
        switch self {
        case .stored(let version), .removed(let version), .found(let version, _), .nothing(let version): version
        case .notFound: nil
        }
    }
}

extension OperationLog.Operation {
    /// The operation for a report.
    var words: String {
        let asked =
            switch request {
            case .write(let document): "write '\(String(decoding: document, as: UTF8.self))'"
            case .delete: "delete"
            case .read: "read"
            }
        let answered =
            switch answer {
            case nil: "no answer"
            case .stored(let version): "stored \(version)"
            case .removed(let version): "removed \(version)"
            case .notFound: "not found"
            case .found(let version, let document): "\(version) '\(String(decoding: document, as: UTF8.self))'"
            case .nothing(let version): "nothing, \(version)"
            }
        return "[\(began), \(ended.map { "\($0)" } ?? "?")] \(asked): \(answered)"
    }
}

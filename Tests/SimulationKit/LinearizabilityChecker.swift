/// Whether the operations on one record could have happened one after the other, each at a moment between its question
/// and its answer (Herlihy and Wing 1990; the search is that of Wing and Gong 1993, with Lowe's memory of 2017).
///
/// The record is a versioned register. What was not answered may have happened at any moment after it was asked, or
/// never; of those that ask the same the first one goes first.
package struct LinearizabilityChecker {
    /// What became of a search.
    package enum Verdict: Equatable {
        case linearizable
        case broken
        /// The search was given up: too many ways.
        case undecided
    }

    /// What is stored.
    private struct Register: Hashable {
        var version: UInt32 = 0
        /// `nil` where it is removed or never was.
        var document: Int?
    }

    /// How far an attempt has come.
    private struct Node: Hashable {
        /// How many answered operations are behind it, by their order.
        var done: [UInt64]
        /// How many of each unanswered request have happened.
        var happened: [Int]
        var register = Register()

        func has(_ index: Int) -> Bool { done[index / 64] & (1 << UInt64(index % 64)) != 0 }
    }

    private enum Effect: Hashable {
        case write(Int)
        case delete
        case read
    }

    private struct Answered {
        var effect: Effect
        var began: Int
        var ended: Int
        var answer: OperationLog.Answer
    }

    /// Nodes looked at before a search is given up; histories of a simulation need some hundreds.
    private static let limit = 200_000

    private var answered: [Answered] = []
    /// Unanswered requests that ask the same, with the moments at which they were asked, in order.
    private var open: [(effect: Effect, began: [Int])] = []
    private var documents: [[UInt8]: Int] = [:]

    /// Takes the operations on one record.
    package init(_ operations: [OperationLog.Operation]) {
        for operation in operations.sorted(by: { $0.began < $1.began }) {
            let effect = effect(of: operation.request)
            if let ended = operation.ended, let answer = operation.answer {
                if case .found(_, let document) = answer { _ = number(of: document) }
                answered.append(Answered(effect: effect, began: operation.began, ended: ended, answer: answer))
            } else if effect != .read {
                let place = open.firstIndex { $0.effect == effect }
                if let place {
                    open[place].began.append(operation.began)
                } else {
                    open.append((effect, [operation.began]))
                }
            }
        }
    }

    private mutating func effect(of request: OperationLog.Request) -> Effect {
        switch request {
        case .write(let document): .write(number(of: document))
        case .delete: .delete
        case .read: .read
        }
    }

    private mutating func number(of document: [UInt8]) -> Int {
        if let known = documents[document] { return known }
        documents[document] = documents.count
        return documents.count - 1
    }

    /// Searches for an order.
    package func check() -> Verdict {
        let words = (answered.count + 63) / 64
        var stack = [Node(done: Array(repeating: 0, count: words), happened: open.map { _ in 0 })]
        var seen = Set(stack)
        while let node = stack.popLast() {
            let left = answered.indices.filter { !node.has($0) }
            guard let bound = left.map({ answered[$0].ended }).min() else { return .linearizable }
            guard seen.count < Self.limit else { return .undecided }
            // Versions only grow: none that was answered may be left behind.
            let least = left.compactMap { answered[$0].answer.version }.min() ?? .max
            guard node.register.version <= least else { continue }
            for next in successors(of: node, left, before: bound) where seen.insert(next).inserted {
                stack.append(next)
            }
        }
        return .broken
    }

    /// What may come next: whatever was asked before the first answer that is still to come.
    private func successors(of node: Node, _ left: [Int], before bound: Int) -> [Node] {
        var successors: [Node] = []
        for (place, request) in open.enumerated() {
            let count = node.happened[place]
            guard count < request.began.count, request.began[count] < bound else { continue }
            var next = node
            next.happened[place] += 1
            _ = Self.apply(request.effect, &next.register)
            // What changes nothing need not have happened.
            if next.register != node.register { successors.append(next) }
        }
        for index in left where answered[index].began < bound {
            var next = node
            next.done[index / 64] |= 1 << UInt64(index % 64)
            let answer = Self.apply(answered[index].effect, &next.register)
            if matches(answered[index].answer, answer, next.register) { successors.append(next) }
        }
        return successors
    }

    private func matches(_ answer: OperationLog.Answer, _ expected: OperationLog.Answer?, _ register: Register) -> Bool
    {
        guard let expected else {
            switch answer {
            case .found(let version, let document):
                return register.version == version && register.document == documents[document]
            case .nothing(let version): return register.version == version && register.document == nil
            case .stored, .removed, .notFound: return false
            }
        }
        return answer == expected
    }

    /// Does something to the register.
    ///
    /// - Returns: the answer; `nil` to a read, whose answer is the register.
    private static func apply(_ effect: Effect, _ register: inout Register) -> OperationLog.Answer? {
        switch effect {
        case .write(let document):
            if register.document != document { register = Register(version: register.version + 1, document: document) }
            return .stored(version: register.version)
        case .delete:
            guard register.document != nil else { return .notFound }
            register = Register(version: register.version + 1, document: nil)
            return .removed(version: register.version)
        case .read: return nil
        }
    }
}

import SimulationKit
import Testing

/// Herlihy and Wing, "Linearizability" (1990), over a versioned register.
struct LinearizabilityTests {
    private typealias Operation = OperationLog.Operation

    private func check(_ operations: [OperationLog.Operation]) -> LinearizabilityChecker.Verdict {
        LinearizabilityChecker(operations).check()
    }

    private let a: [UInt8] = [1]
    private let b: [UInt8] = [2]

    @Test func oneAfterTheOther() {
        let history = [
            Operation(.write(a), began: 1, ended: 2, answer: .stored(version: 1)),
            Operation(.write(a), began: 3, ended: 4, answer: .stored(version: 1)),
            Operation(.write(b), began: 5, ended: 6, answer: .stored(version: 2)),
            Operation(.delete, began: 7, ended: 8, answer: .removed(version: 3)),
            Operation(.delete, began: 9, ended: 10, answer: .notFound),
            Operation(.read, began: 11, ended: 12, answer: .nothing(version: 3)),
        ]
        #expect(check(history) == .linearizable)
    }

    @Test func whatOverlapsMayHappenInEitherOrder() {
        let writes = [
            Operation(.write(a), began: 1, ended: 4, answer: .stored(version: 2)),
            Operation(.write(b), began: 2, ended: 3, answer: .stored(version: 1)),
        ]
        #expect(check(writes) == .linearizable)
        #expect(check(writes + [Operation(.read, began: 5, ended: 6, answer: .found(version: 1, b))]) == .broken)
    }

    @Test func aReadMayNotBeOlderThanWhatWasAnsweredBefore() {
        let history = [
            Operation(.write(a), began: 1, ended: 2, answer: .stored(version: 1)),
            Operation(.write(b), began: 3, ended: 4, answer: .stored(version: 2)),
            Operation(.read, began: 5, ended: 6, answer: .found(version: 1, a)),
        ]
        #expect(check(history) == .broken)
    }

    @Test func whatWasSeenOnceStays() {
        let history = [
            Operation(.write(a), began: 1),
            Operation(.read, began: 2, ended: 3, answer: .found(version: 1, a)),
            Operation(.read, began: 4, ended: 5, answer: .nothing(version: 0)),
        ]
        #expect(check(history) == .broken)
    }

    @Test func whatWasNotAnsweredMayHappenLateOrNever() {
        let lost = [
            Operation(.write(a), began: 1),
            Operation(.write(b), began: 2, ended: 3, answer: .stored(version: 1)),
        ]
        #expect(check(lost + [Operation(.read, began: 4, ended: 5, answer: .found(version: 2, a))]) == .linearizable)
        #expect(check(lost + [Operation(.read, began: 4, ended: 5, answer: .found(version: 1, b))]) == .linearizable)
        #expect(check(lost + [Operation(.read, began: 4, ended: 5, answer: .found(version: 3, a))]) == .broken)
        // Before it was asked it cannot have happened.
        let early = [
            Operation(.read, began: 1, ended: 2, answer: .found(version: 1, a)),
            Operation(.write(a), began: 3),
        ]
        #expect(check(early) == .broken)
    }

    @Test func aWriteHappensOnce() {
        let history = [
            Operation(.write(a), began: 1),
            Operation(.write(b), began: 2, ended: 3, answer: .stored(version: 2)),
            Operation(.write(b), began: 4, ended: 5, answer: .stored(version: 4)),
        ]
        #expect(check(history) == .broken)
    }

    /// Many repetitions of one request are not many ways.
    @Test func manyWithoutAnAnswerAreDecided() {
        var history = (0..<300).map { Operation(.write([UInt8($0 % 3)]), began: $0 + 1) }
        history.append(Operation(.read, began: 400, ended: 401, answer: .found(version: 9, [1])))
        #expect(check(history) == .linearizable)
    }
}

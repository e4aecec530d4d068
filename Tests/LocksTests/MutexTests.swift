import Locks
import Testing

@Suite("A value behind a lock")
struct MutexTests {
    final class Tally: Sendable {
        let sum = Mutex(0)
    }

    final class Guest: Sendable {
        let onLeaving: @Sendable () -> Void
        init(onLeaving: @escaping @Sendable () -> Void) { self.onLeaving = onLeaving }
        deinit { onLeaving() }
    }

    struct Failure: Error {}

    struct Key: ~Copyable {
        let number: Int
    }

    @Test("One at a time")
    func oneAtATime() async {
        let tally = Tally()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 { group.addTask { for _ in 0..<10_000 { tally.sum.withLock { $0 += 1 } } } }
        }
        #expect(tally.sum.withLock { $0 } == 80_000)
    }

    @Test("A body that fails lets go of the lock, and what it changed stays")
    func aFailureLetsGo() {
        let value = Mutex([1])
        #expect(throws: Failure.self) {
            try value.withLock { list throws(Failure) in
                list.append(2)
                throw Failure()
            }
        }
        value.withLock { $0.append(3) }
        #expect(value.withLock { $0 } == [1, 2, 3])
    }

    @Test("The value goes when the lock goes")
    func theValueGoesWithTheLock() {
        let tally = Tally()
        do {
            let value = Mutex<Guest?>(nil)
            value.withLock { $0 = Guest { tally.sum.withLock { $0 += 1 } } }
            #expect(tally.sum.withLock { $0 } == 0)
        }
        #expect(tally.sum.withLock { $0 } == 1)
    }

    @Test("A value that cannot be copied can be kept, and taken out")
    func whatCannotBeCopied() {
        let place = Mutex<Key?>(Key(number: 7))
        let number = place.withLock { place -> Int? in
            guard let key = place.take() else { return nil }
            return key.number
        }
        #expect(number == 7)
        #expect(place.withLock { $0 == nil })
    }
}

internal import Bytes
internal import Locks

/// What a door remembers between messages, within bounds.
final class DoorMemory: Sendable {
    /// Messages of which the answer is known: enough for senders that repeat what they did not hear an answer to.
    private static let answeredLimit = 4_096

    private struct State {
        var controlID: UInt64 = 0
        var answered: Set<UInt64> = []
        var order: [UInt64] = []
        var next = 0
    }

    private let state = Mutex(State())
    /// Searches that may go on.
    let pages = OpenPages()

    /// A control id of our own: distinct while a process runs, and unlike those of the process before it.
    func nextControlID(now: UInt64) -> String {
        let number = state.withLock { state in
            state.controlID += 1
            return state.controlID
        }
        return "\(String(now, radix: 36))\(String(number, radix: 36))".uppercased()
    }

    /// Notes that a message was carried out which cannot be carried out twice.
    func remember(_ bytes: [UInt8]) {
        let hash = KeyHash.hash(bytes)
        state.withLock { state in
            guard state.answered.insert(hash).inserted else { return }
            guard state.order.count >= Self.answeredLimit else {
                state.order.append(hash)
                return
            }
            state.answered.remove(state.order[state.next])
            state.order[state.next] = hash
            state.next = (state.next + 1) % Self.answeredLimit
        }
    }

    /// Whether the very same message, control id and sender included, was carried out.
    func remembers(_ bytes: [UInt8]) -> Bool {
        let hash = KeyHash.hash(bytes)
        return state.withLock { $0.answered.contains(hash) }
    }
}

import Dispatch
import Identifiers
import Matching
import ShardProtocol
import ShardStore
import Synchronization

/// A store in this process: commits until they are durable, and candidate searches.
enum StoreKernels {
    static let all = [commit, search, searchLarge]

    private static let group = 256
    /// Records in the store that is searched.
    private static let held = 16_384
    /// Records in a store that no cache of a processor holds.
    private static let heldLarge = 262_144

    private static let commit = Kernel(name: "store-commit", item: "a record in commits of 256", items: 16 * 256) {
        let rules = try Inputs.rules()
        let store = try OpenStore()
        let requests = operations(Inputs.keyed(16 * group, rules))
        return {
            var sum: UInt64 = 0
            // The same rows every round: the store takes them in as updates.
            for operations in requests { sum &+= try store.commit(operations) }
            return sum
        }
    }

    private static let search = searching("store-search", held)
    private static let searchLarge = searching("store-search-large", heldLarge)

    private static func searching(_ name: String, _ held: Int) -> Kernel {
        Kernel(name: name, item: "a query against \(held) records", items: 16 * 256) {
            let rules = try Inputs.rules()
            let store = try OpenStore()
            _ = try store.ask(.install(rules: rules.encoded()))
            let keyed = Inputs.keyed(held, rules)
            for operations in operations(keyed) { _ = try store.commit(operations) }
            // From all over the store, so that no two lie together.
            let apart = held / (16 * group)
            let asked = (0..<16 * group).map { keyed[$0 * apart] }
            let questions = (0..<16).map { turn in
                MessageKernels.question(Array(asked[turn * group..<(turn + 1) * group]), rules)
            }
            return {
                var sum: UInt64 = 0
                for question in questions {
                    guard case .candidates(let answer) = try store.ask(question) else { throw KernelError.unexpected }
                    sum &+= answer.cost.scored
                }
                return sum
            }
        }
    }

    /// The rows and postings of records, as commits of 256.
    private static func operations(_ keyed: [KeyedRecord]) -> [[UInt8]] {
        let document = (0..<1_200).map { UInt8(truncatingIfNeeded: $0 &* 61) }
        return stride(from: 0, to: keyed.count, by: group).map { start in
            var writer = OperationWriter()
            for record in keyed[start..<min(start + group, keyed.count)] {
                writer.put(.home, StoreKey(record.id.rawValue), document)
                writer.put(.feature, StoreKey(record.id.rawValue), record.row)
                for key in record.keys { writer.post(key: key.hash, sketch: record.sketch.bits, record: record.id) }
            }
            return writer.bytes
        }
    }
}

/// A store on a directory of its own, asked one thing at a time.
private final class OpenStore: Sendable {
    private let scratch: ScratchDirectory
    private let store: ShardStore
    private let number = Mutex<UInt64>(0)

    init() throws {
        scratch = try ScratchDirectory()
        store = try ShardStore(directory: scratch.path)
    }

    deinit {
        // The directory may go only when nothing writes into it any more.
        let done = DispatchSemaphore(value: 0)
        store.close { done.signal() }
        done.wait()
    }

    /// Asks and waits for the answer.
    func ask(_ request: ShardRequest) throws -> ShardAnswer {
        let done = DispatchSemaphore(value: 0)
        let slot = AnswerSlot()
        store.submit(request) { answer in
            slot.answer.withLock { $0 = answer }
            done.signal()
        }
        done.wait()
        guard let answer = slot.answer.withLock({ $0 }) else { throw KernelError.unexpected }
        if case .failure(let error) = answer { throw KernelError.refused("\(error)") }
        return answer
    }

    /// Commits operations and waits until they are durable.
    ///
    /// - Returns: the number of the commit.
    func commit(_ operations: [UInt8]) throws -> UInt64 {
        let next = number.withLock { number in
            number += 1
            return number
        }
        let request = CommitRequest(epoch: Epoch(1), number: next, through: Sequence(next), operations: operations)
        _ = try ask(.commit(request))
        return next
    }
}

/// Where the answer of the store is put, by whatever thread brings it.
private final class AnswerSlot: Sendable {
    let answer = Mutex<ShardAnswer?>(nil)
}

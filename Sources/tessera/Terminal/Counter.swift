internal import Synchronization

/// A number that one task raises and another looks at.
final class Counter: Sendable {
    private let number = Atomic<Int>(0)

    /// The number now.
    var value: Int { number.load(ordering: .relaxed) }

    /// Raises it.
    func add(_ amount: Int) { number.wrappingAdd(amount, ordering: .relaxed) }
}

internal import Synchronization

/// A number that one task raises and another looks at.
final class Counter: Sendable {
    private let number = Atomic<Int>(0)

    /// The number now.
    var value: Int { number.load(ordering: .relaxed) }

    /// Raises it.
    func add(_ amount: Int) { number.wrappingAdd(amount, ordering: .relaxed) }

    /// Raises it by one; tells which of so many places has its turn.
    func turn(of places: Int) -> Int { number.wrappingAdd(1, ordering: .relaxed).oldValue % places }
}

internal import Synchronization

/// A number that goes up and down.
public final class Gauge: Sendable {
    private let number = Atomic<Int>(0)

    init() {}

    /// Replaces the number.
    public func set(_ value: Int) { number.store(value, ordering: .relaxed) }

    /// Adds to the number, or takes from it.
    ///
    /// - Returns: the number after the change.
    @discardableResult
    public func add(_ amount: Int) -> Int { number.wrappingAdd(amount, ordering: .relaxed).newValue }

    /// The number now.
    public var value: Int { number.load(ordering: .relaxed) }
}

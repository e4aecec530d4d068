/// Until when a leader may act, told by its own monotonic clock alone.
///
/// Whoever grants the lease counts its time from when it heard of the request, so not before the request was made.
/// Counted from then, less a margin for clocks that do not run alike, the leader's time ends first, however long the
/// answer was on its way.
public struct LeaseSpan: Sendable, Equatable {
    /// A part of the lease that is not used: clocks of machines drift by far less than this in the time of a lease.
    public static let marginDivisor = 6

    /// When it ends, on the leader's clock; `nil` while there is none.
    public private(set) var end: Duration?

    /// Starts without a lease.
    public init() {}

    /// The lease was granted or renewed.
    ///
    /// - Parameters:
    ///   - asked: when the request was made, on the leader's clock.
    ///   - lasting: how long it lasts, as the grantor said.
    public mutating func renew(asked: Duration, lasting: Duration) {
        let end = asked + lasting - lasting / Self.marginDivisor
        // Answers may overtake each other; none takes back what another has given.
        self.end = max(self.end ?? end, end)
    }

    /// The lease is over.
    public mutating func lapse() { end = nil }

    /// Whether it surely lasts.
    public func holds(at now: Duration) -> Bool { end.map { now < $0 } ?? false }
}

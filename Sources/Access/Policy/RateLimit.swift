/// How often a client may ask: so many requests a second, and so many at once after a silence.
public struct RateLimit: Sendable, Hashable {
    /// Requests a second in the long run.
    public var perSecond: Double
    /// Requests at once.
    public var burst: Double

    /// A limit; both numbers above zero.
    public init(perSecond: Double, burst: Double) {
        precondition(perSecond > 0 && burst >= 1, "a limit lets something through")
        self.perSecond = perSecond
        self.burst = burst
    }
}

/// What is left of a client's allowance: a bucket of tokens that fills at an even rate.
public struct RateBucket: Sendable, Hashable {
    private let limit: RateLimit
    private var tokens: Double
    /// When it was last filled, in milliseconds of any clock that never goes back.
    private var filled: UInt64

    /// A full bucket.
    public init(_ limit: RateLimit, at now: UInt64) {
        self.limit = limit
        tokens = limit.burst
        filled = now
    }

    /// Takes more out for a request that was let through and turns out to be several; what is not there is owed, and
    /// nothing else is let through until it is paid.
    public mutating func take(further requests: Int) { tokens -= Double(max(0, requests)) }

    /// Takes one request out.
    ///
    /// - Returns: `nil` where there was one; else the whole seconds after which there will be.
    public mutating func take(at now: UInt64) -> Int? {
        if now > filled {
            tokens = min(limit.burst, tokens + Double(now - filled) / 1_000 * limit.perSecond)
            filled = now
        }
        guard tokens < 1 else {
            tokens -= 1
            return nil
        }
        return max(1, Int(((1 - tokens) / limit.perSecond).rounded(.up)))
    }
}

/// Lets what happens again and again be told at once, and then once in a while with how often it happened.
struct Seldom {
    /// Often enough for whoever reads the log while it goes on.
    private static let interval: Duration = .seconds(10)

    private var told: Duration?
    private var count = 0

    /// It happened.
    ///
    /// - Returns: how often since it was told last; `nil` where it is not to be told now.
    mutating func note(at now: Duration) -> Int? {
        count += 1
        if let told, now - told < Self.interval { return nil }
        told = now
        defer { count = 0 }
        return count
    }

    /// It is over: the next time is told at once.
    mutating func end() { self = Seldom() }
}

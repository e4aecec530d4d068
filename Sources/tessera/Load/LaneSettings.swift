/// The bounds of one lane of a load.
struct LaneSettings: Sendable, Equatable {
    /// Records sent and not yet answered: several of the pieces that a server works on at one time.
    var windowRecords = 4_096
    /// Bytes of them, which are kept to be sent again after a loss.
    var windowBytes = 2 << 20
    /// Without a result for so long the stream is given up and its records are sent again.
    var stall: Duration = .seconds(60)
    /// The first pause after trouble; doubles with every further one.
    var firstPause: Duration = .milliseconds(100)
    /// The longest pause.
    var longestPause: Duration = .seconds(5)
    /// How long nothing may be acknowledged before the load gives up.
    var patience: Duration = .seconds(120)
}

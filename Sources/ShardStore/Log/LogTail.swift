public import ShardProtocol

/// The last two commits of a log: what a new leader makes replicas equal by.
///
/// The log keeps their frames when it is cut, so that they are known after an opening too.
public struct LogTail: Sendable {
    /// The last commit; `nil` where there never was one.
    public private(set) var entry: LogEntry?
    /// Its frame.
    private(set) var frame: UInt64 = 0
    /// Where the commit before stood.
    public private(set) var previous = StorePosition.zero
    private var previousFrame: UInt64 = 0

    /// Starts without a commit.
    public init() {}

    /// Takes note of an entry that is durable; others than commits do not count.
    mutating func note(_ next: LogEntry, frame number: UInt64) {
        guard next.kind == .commit else { return }
        if frame > 0 {
            previous = position
            previousFrame = frame
        }
        entry = next
        frame = number
    }

    /// Where the last commit stands.
    public var position: StorePosition { entry.map { StorePosition($0.epoch, $0.message) } ?? .zero }

    /// The frame up to which the log may be cut, given one up to which everything is in the state.
    func cut(through number: UInt64) -> UInt64 {
        let first = previousFrame > 0 ? previousFrame : frame
        return first > 0 ? min(number, first - 1) : number
    }
}

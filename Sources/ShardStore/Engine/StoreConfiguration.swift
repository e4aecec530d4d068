/// The bounds of a store, each with its reason; sizes in bytes.
public struct StoreConfiguration: Sendable, Equatable {
    /// Size of a log segment: small enough that a few of them cover what is not flushed, large enough to be rare.
    public var segmentBytes = 32 << 20
    /// Memory of the active delta from which on it is frozen and flushed.
    ///
    /// Larger flushes are merged less often; smaller ones hold the load up for a shorter time and need less memory.
    public var freezeBytes = 48 << 20
    /// Log behind the active delta from which on it is frozen: bounds what an opening must replay.
    public var freezeLogBytes = 256 << 20
    /// Memory of the active delta from which on commits wait for the flush that is under way.
    public var holdBytes = 160 << 20
    /// Operations waiting for the log; past it commits are refused.
    public var waitingBytes = 128 << 20
    /// Most bytes that one sync covers, so that the first of many waiting commits is not kept waiting for all.
    public var groupBytes = 8 << 20
    /// Rule sets kept; the one installed first goes first.
    public var ruleSetLimit = 16
    /// Most bytes of one answer's content: what a message can carry.
    public var answerBytes = 48 << 20

    /// The defaults.
    public init() {}

    /// Says which bounds contradict each other.
    var contradiction: String? {
        if freezeBytes > holdBytes {
            return "freezeBytes is over holdBytes: commits would wait for a flush never begun"
        }
        if segmentBytes < 4_096 { return "segmentBytes is under a page" }
        if min(freezeBytes, freezeLogBytes, waitingBytes, groupBytes, ruleSetLimit) < 1 {
            return "a bound is not positive"
        }
        return nil
    }
}

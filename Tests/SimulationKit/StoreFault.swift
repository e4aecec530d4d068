/// A fault that lies in a shard's store and not in those who use it, for the checkers to notice.
public enum StoreFault: String, CaseIterable, Sendable {
    /// A leader whose time is over may still write.
    case acceptOldEpoch
    /// A message that comes again is applied again.
    case applyAgain
    /// The log is not synced; for stores on a disk alone.
    case skipSync

    /// Whether it lies in a disk, which twins have none of.
    public var needsDisk: Bool { self == .skipSync }
}

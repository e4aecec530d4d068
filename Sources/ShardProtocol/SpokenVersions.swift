/// The versions of the shard protocol that a process speaks, without a gap.
///
/// Whoever is asked says them with every answer, and whoever asks goes over to the highest that both speak. So
/// members of two releases work together while a cluster is upgraded, one process after the other.
///
///     2   sketches of 24 bytes
///     3   a status names what is damaged in the store; `dropDamaged`
public struct SpokenVersions: Sendable, Equatable, CustomStringConvertible {
    /// The lowest that this program speaks; 1 had sketches of 8 bytes.
    public static let lowestKnown: UInt16 = 2
    /// The highest that this program speaks.
    public static let highestKnown: UInt16 = 3
    /// All that this program speaks.
    public static let all = SpokenVersions(lowest: lowestKnown, highest: highestKnown)
    /// What a program speaks that does not say it: the release before there was anything to choose from.
    public static let unsaid = SpokenVersions(lowest: 2, highest: 2)
    /// The header of an answer that says them.
    public static let header = "tessera-speaks"

    /// The lowest of them.
    public let lowest: UInt16
    /// The highest of them.
    public let highest: UInt16

    private init(lowest: UInt16, highest: UInt16) {
        self.lowest = lowest
        self.highest = highest
    }

    /// The versions up to one, for a process that is not to use newer ones yet.
    ///
    /// - Returns: `nil` where this program does not speak that version.
    public init?(through highest: UInt16) {
        guard (Self.lowestKnown...Self.highestKnown).contains(highest) else { return nil }
        self.init(lowest: Self.lowestKnown, highest: highest)
    }

    /// Reads what `description` writes.
    public init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, let lowest = UInt16(parts[0]), let highest = UInt16(parts[1]), lowest <= highest else {
            return nil
        }
        self.init(lowest: lowest, highest: highest)
    }

    /// Whether a version is one of them.
    public func contains(_ version: UInt16) -> Bool { (lowest...highest).contains(version) }

    /// The highest version that both speak; `nil` where there is none.
    public func common(with other: SpokenVersions) -> UInt16? {
        let version = min(highest, other.highest)
        return version >= max(lowest, other.lowest) ? version : nil
    }

    /// The lowest and the highest, as `2-3`.
    public var description: String { "\(lowest)-\(highest)" }
}

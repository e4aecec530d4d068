import Identifiers
import ShardProtocol

/// What the tails of a group's fenced replicas say: who is foremost, who lacks its last message, and who lacks more.
struct TailComparison: Equatable {
    /// The replica with the highest position, the first of them.
    let foremost: String
    /// That position: of its last message.
    let last: StorePosition
    /// Those that lack the last message of the foremost and nothing else.
    let laggards: [String]
    /// Those that may lack more than that: wiped, or put back to an old copy.
    let behind: [String]
    /// Through which sequence the foremost has everything.
    let through: Sequence
    /// The highest number that any replica has in the fenced epoch.
    let number: UInt64

    /// Compares.
    ///
    /// - Parameters:
    ///   - tails: at least one; of replicas that were in sync, after all were fenced.
    ///   - epoch: what they were fenced with.
    init?(_ tails: [(name: String, tail: TailAnswer)], epoch: Epoch) {
        guard var first = tails.first else { return nil }
        for one in tails where one.tail.last > first.tail.last { first = one }
        foremost = first.name
        last = first.tail.last
        through = tails.map(\.tail.through).max() ?? .zero
        number = tails.map { $0.tail.position.epoch == epoch ? $0.tail.position.number : 0 }.max() ?? 0
        let others = tails.filter { $0.tail.last < first.tail.last }
        // The leader sends a message only when all have the one before: who is in sync cannot lack two.
        laggards = others.filter { $0.tail.last >= first.tail.previous }.map(\.name)
        behind = others.filter { $0.tail.last < first.tail.previous }.map(\.name)
    }
}

import Coordinator
import Identifiers
import Locks

/// Follows the change feed while everything fails, as a subscriber would: from its cursor on, at any node it reaches.
///
/// A sequence number is what a subscriber knows an event by: what was told once must be told again by every later
/// reading, and nothing may ever turn up before the cursor.
final class FeedFollower: Sendable {
    private struct State {
        var entries: [ChangesPage.Entry] = []
        var cursor = Sequence.zero
    }

    private let state = Mutex(State())
    private static let page = 20

    /// Reads the next page, if there is one.
    func read(from registry: Registry) async {
        let cursor = state.withLock { $0.cursor }
        guard let page = try? await registry.changes(after: cursor, limit: Self.page) else { return }
        state.withLock { state in
            state.entries += page.entries
            state.cursor = max(state.cursor, page.next)
        }
    }

    /// Compares what was told with what the feed tells in the end.
    func check(against feed: [ChangesPage.Entry]) -> [String] {
        let (told, cursor) = state.withLock { ($0.entries, $0.cursor) }
        let expected = feed.filter { $0.sequence <= cursor }
        guard told.map(\.sequence) == expected.map(\.sequence) else {
            let missing = Set(expected.map(\.sequence)).subtracting(told.map(\.sequence)).sorted()
            let surplus = Set(told.map(\.sequence)).subtracting(expected.map(\.sequence)).sorted()
            return [
                "a subscriber at \(cursor) missed changes \(missing.prefix(5)) and was told of "
                    + "\(surplus.prefix(5)), which are gone"
            ]
        }
        let changed = zip(told, expected).first { $0.at != $1.at || $0.record != $1.record || $0.events != $1.events }
        return changed.map { ["change \($0.0.sequence) was told otherwise before"] } ?? []
    }
}

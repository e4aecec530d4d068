import Locks
import ShardProtocol
import Transport

/// Which version of the protocol this process and a shard have in common, as far as the shard's last answer tells.
///
/// A process at the shard's address may be replaced by one of another release at any time.
final class SharedLanguage: Sendable {
    private struct State {
        var current: UInt16
        /// What the shard said last, so that the same words need not be read again.
        var said: String?
        var known: SpokenVersions?
    }

    private let speaks: SpokenVersions
    private let state: Mutex<State>

    init(_ speaks: SpokenVersions) {
        self.speaks = speaks
        // The lowest, until the shard has said what it speaks: nothing else may be asked of an older one.
        state = Mutex(State(current: speaks.lowest))
    }

    /// What is spoken now.
    var current: UInt16 { state.withLock { $0.current } }

    /// Takes in which versions the shard speaks.
    ///
    /// - Returns: these; `nil` where the answer is not the shard protocol's.
    /// - Throws: `ShardError.badRequest` where there is none in common.
    func learn(from response: HTTPResponse) throws(ShardError) -> SpokenVersions? {
        guard response.status == 200 else { return nil }
        let said = response.headers[SpokenVersions.header] ?? ""
        let known = try state.withLock { state throws(ShardError) in
            if state.said == said, let known = state.known { return known }
            guard let theirs = said.isEmpty ? .unsaid : SpokenVersions(said) else {
                throw ShardError.badRequest("the shard says that it speaks '\(said.prefix(40))', which is no range")
            }
            guard let common = speaks.common(with: theirs) else {
                throw ShardError.badRequest(
                    "the shard speaks versions \(theirs) of the protocol, this program \(speaks): no version in common"
                )
            }
            (state.current, state.said, state.known) = (common, said, theirs)
            return theirs
        }
        return known
    }
}

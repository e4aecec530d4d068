/// One copy of the data of a shard group: a process with a disk of its own.
public struct Replica: Sendable, Equatable {
    /// Whether a replica counts.
    public enum State: String, Sendable, CaseIterable {
        /// It has everything that was acknowledged, and nothing is acknowledged without it.
        case inSync = "in-sync"
        /// It receives what it lacks; nobody waits for it and nobody reads from it.
        case catchingUp = "catching-up"
        /// It takes no part: what it has may be old.
        case out
    }

    /// Characters of a name or an address at most: what fits into a line of a log.
    static let textLimit = 255

    /// What operators call the process; no two replicas of a cluster share a name.
    public var name: String
    /// `HOST:PORT` of its shard protocol, or a word for one that lives in the same process.
    public var address: String
    /// Whether it counts.
    public var state: State

    /// Puts a replica together.
    public init(name: String, address: String, state: State = .inSync) {
        self.name = name
        self.address = address
        self.state = state
    }

    /// Whether a text can be a name or an address: printable ASCII without blanks, and not longer than a line of a log.
    static func isWord(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= textLimit && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }
}

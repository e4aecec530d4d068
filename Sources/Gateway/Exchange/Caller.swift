internal import Entrance

/// Who sent a request, and what they may do.
struct Caller: Sendable, Hashable {
    let grant: Grant

    /// The name for the audit trail and for decisions.
    var name: String { grant.client }

    /// Somebody of whom nothing was asked.
    static let anonymous = Caller(grant: .open("anonymous"))
}

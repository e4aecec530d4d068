/// Who sent a request, as far as it was proved.
struct Caller: Sendable, Hashable {
    /// The name for the audit trail and for decisions.
    let name: String

    /// Somebody of whom nothing was proved.
    static let anonymous = Caller(name: "anonymous")
}

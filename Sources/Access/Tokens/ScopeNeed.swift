/// What a request needs: a permission of the client, and a scope where it comes with a token.
public struct ScopeNeed: Sendable, Hashable {
    /// What the client must be allowed.
    public let permission: Permission
    /// The FHIR type of which something is wanted.
    public let type: String
    /// What is wanted of it, in the letters of SMART: create, read, update, delete, search.
    public let letters: String
    /// IHE transactions any of which covers it.
    public let transactions: Set<String>
    /// Whether everybody may.
    public let isNothing: Bool

    private init(_ permission: Permission, _ type: String, _ letters: String, _ transactions: Set<String>, _ open: Bool)
    {
        self.permission = permission
        self.type = type
        self.letters = letters
        self.transactions = transactions
        isNothing = open
    }

    /// Nothing: descriptions and health.
    public static let nothing = ScopeNeed(.read, "", "", [], true)

    /// Something of Patients is read.
    public static func reading(_ letters: String, _ transactions: Set<String> = []) -> ScopeNeed {
        ScopeNeed(.read, "Patient", letters, transactions, false)
    }

    /// Patients are written.
    public static func writing(_ letters: String, _ transactions: Set<String> = []) -> ScopeNeed {
        ScopeNeed(.write, "Patient", letters, transactions, false)
    }

    /// Questions to stewards are read or decided; they are tasks in the words of FHIR.
    public static func deciding(_ letters: String) -> ScopeNeed { ScopeNeed(.decide, "Task", letters, [], false) }

    /// Subscriptions to what may be read are made, read or ended.
    public static func subscribing(_ letters: String) -> ScopeNeed {
        ScopeNeed(.read, "Subscription", letters, ["ITI-94"], false)
    }

    /// The cluster is looked at; no scope of SMART speaks of it, `tessera/operate` does.
    public static let operating = ScopeNeed(.operate, "", "", [], false)

    /// The rules are read or changed; no scope of SMART speaks of it, `tessera/govern` does.
    public static let governing = ScopeNeed(.govern, "", "", [], false)

    /// The audit trail is read.
    public static let auditing = ScopeNeed(.audit, "AuditEvent", "rs", ["ITI-81"], false)
}

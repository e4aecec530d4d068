internal import Access
internal import Audit

/// Who may use a route, and as what its use is remembered.
struct RouteAccess: Sendable, Hashable {
    /// What a client needs.
    let need: ScopeNeed
    /// Whether somebody who shows nothing may use it: descriptions and health, which tell of no patient.
    let isOpen: Bool
    /// What is done, for the audit trail.
    let action: AuditEvent.Action
    /// The FHIR interaction, such as `search-type`.
    let interaction: String
    /// The IHE transaction; empty where it is none.
    let transaction: String

    private init(_ need: ScopeNeed, open: Bool, _ action: AuditEvent.Action, _ interaction: String, _ iti: String) {
        self.need = need
        isOpen = open
        self.action = action
        self.interaction = interaction
        transaction = iti
    }

    /// Open to everybody, and not worth remembering.
    static let open = RouteAccess(.nothing, open: true, .read, "capabilities", "")

    /// One record is read.
    static func read(_ interaction: String) -> RouteAccess {
        RouteAccess(.reading("r", ["ITI-78"]), open: false, .read, interaction, "")
    }

    /// Something is looked for.
    static func search(_ letters: String = "s", _ iti: String = "") -> RouteAccess {
        let interaction = "search-type"
        return RouteAccess(.reading(letters, iti.isEmpty ? [] : [iti]), open: false, .execute, interaction, iti)
    }

    /// A record is made, changed or removed.
    static func write(_ action: AuditEvent.Action, _ interaction: String, _ iti: String = "ITI-104") -> RouteAccess {
        let letters =
            switch action {
            case .create: "c"
            case .delete: "d"
            case .execute: "cud"
            default: "u"
            }
        return RouteAccess(.writing(letters, iti.isEmpty ? [] : [iti]), open: false, action, interaction, iti)
    }

    /// Subscriptions are made, read or ended.
    static func subscription(_ letters: String, _ action: AuditEvent.Action, _ interaction: String) -> RouteAccess {
        RouteAccess(.subscribing(letters), open: false, action, interaction, "ITI-94")
    }

    /// Several things are done at once: each needs what it needs by itself.
    static let several = RouteAccess(.nothing, open: false, .execute, "batch", "")

    /// Stewards read or decide.
    static func steward(_ letters: String, _ action: AuditEvent.Action) -> RouteAccess {
        RouteAccess(.deciding(letters), open: false, action, action == .read ? "read" : "operation", "")
    }

    /// Operators look at the cluster.
    static let operate = RouteAccess(.operating, open: false, .read, "read", "")

    /// Operators change the layout of the cluster.
    static let rearrange = RouteAccess(.operating, open: false, .update, "operation", "")

    /// The rules are read or changed.
    static func govern(_ action: AuditEvent.Action) -> RouteAccess {
        RouteAccess(.governing, open: false, action, action == .read ? "read" : "operation", "")
    }

    /// Auditors read the trail.
    static func audit(_ interaction: String, _ action: AuditEvent.Action) -> RouteAccess {
        RouteAccess(.auditing, open: false, action, interaction, interaction == "read" ? "" : "ITI-81")
    }
}

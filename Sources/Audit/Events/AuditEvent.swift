/// One access or decision, as it is remembered.
///
/// `query` and the values of `entities` name patients: they are kept in the trail, which only auditors read, and go
/// nowhere else.
public struct AuditEvent: Sendable, Hashable {
    /// What kind of thing happened, in the words of DICOM (PS 3.16, CID 400) and FHIR.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// An interaction over FHIR or the native interface.
        case rest
        /// A message about a patient (HL7 v2).
        case record
        /// A query by message (HL7 v2).
        case query
        /// The registry began, or ended, or its trail did.
        case activity
        /// Somebody could not prove who they are: a TLS handshake that failed.
        case alert
    }

    /// What was done, in the letters of AuditEvent.action.
    public enum Action: String, Sendable, Hashable, CaseIterable {
        /// Something was made.
        case create = "C"
        /// Something was read.
        case read = "R"
        /// Something was changed.
        case update = "U"
        /// Something was removed.
        case delete = "D"
        /// Something was carried out: searches and operations.
        case execute = "E"
    }

    /// How it went, in the numbers of AuditEvent.outcome.
    public enum Outcome: Int, Sendable, Hashable, CaseIterable {
        /// It was done.
        case success = 0
        /// It was refused for what the client sent.
        case minor = 4
        /// It was refused for who the client is, or could not be done now.
        case serious = 8
        /// It broke.
        case major = 12
    }

    /// When, in milliseconds since 1970.
    public var time: UInt64
    /// What kind of thing.
    public var kind = Kind.rest
    /// What was done.
    public var action: Action
    /// The interaction: `read`, `search-type`, `create`, …, or the event of a message.
    public var interaction: String
    /// The IHE transaction, such as `ITI-83`; empty where it is none.
    public var transaction = ""
    /// The route or the kind of message.
    public var route: String
    /// How it went.
    public var outcome = Outcome.success
    /// Why not, where it was not done; without any value of a patient.
    public var detail = ""
    /// The client's name.
    public var client: String
    /// Who was at the client, where a token said so.
    public var user: AuditUser?
    /// Who a message of HL7 v2 says to come from: `FACILITY|APPLICATION`; empty for anything else.
    public var sender = ""
    /// To whom a message of HL7 v2 says to go: `FACILITY|APPLICATION`; empty for anything else.
    public var receiver = ""
    /// Where the client is: an address without its port.
    public var address = ""
    /// Why the glass was broken; empty where it was not.
    public var reason = ""
    /// What the client calls the request.
    public var request = ""
    /// The request as it was sent, of searches and queries.
    public var query = ""
    /// The version of the rules by which it was decided.
    public var rules = ""
    /// Whether nothing was changed, nobody turned away and no glass broken: such an event may reach the disk a moment
    /// after its answer went out.
    public var mayLag: Bool {
        let isReading = action == .read || kind == .query || (action == .execute && interaction == "search-type")
        return isReading && outcome == .success && reason.isEmpty && kind != .activity && kind != .alert
    }
    /// Whom and what it was about.
    public var entities: [AuditEntity] = []
    /// How many more there were than are told.
    public var omitted = 0

    /// An event.
    public init(time: UInt64, action: Action, interaction: String, route: String, client: String) {
        self.time = time
        self.action = action
        self.interaction = interaction
        self.route = route
        self.client = client
    }
}

internal import Authorities
public import PatientMapping

/// What an operator may choose about the doors.
public struct GatewayConfiguration: Sendable, Hashable {
    /// Which identifiers name records, and the systems of national and golden identifiers.
    public var identifiers = PatientMapping.Settings() {
        didSet { aliases = identifiers.authorities.aliases }
    }
    /// What a search answers: each person once, with every identifier, or each record as its source sent it.
    public var searchResults = SearchResults.persons
    /// Whether `$ihe-pix` answers the identifier that was asked about as well (OpenHIE), or not (IHE).
    public var includesQueriedIdentifier = false
    /// The address by which clients reach the registry, such as `https://registry.example`; empty where each request says
    /// it rightly.
    public var publicBase = ""
    /// Whether clients of OpenCR are answered as they expect: tags, links to golden records, `LocationCRUID`.
    public var speaksOpenCR = false
    /// Records of one person from which on it takes two stewards to put it together; 0: one is enough.
    public var fourEyesFrom = 0
    /// Which endpoints subscribers may name.
    public var hooks = HookReach.everything
    /// The version of the program, told in the capability statement.
    public var softwareVersion = "0.1.0"
    /// The bounds.
    public var limits = GatewayLimits()

    /// Names of domains that are told by their preferred one in answers.
    private(set) var aliases: [String: String] = [:]

    /// What the entries of a search are.
    public enum SearchResults: String, Sendable, Hashable {
        /// Each person once: the record that was found, with the identifiers of the person's other records.
        case persons
        /// Each record on its own.
        case records
    }

    /// The defaults.
    public init() {}

    /// The system of golden identifiers in the patients that are answered.
    var goldenSystem: String { identifiers.goldenSystem }
    /// How Patients become records.
    var mapping: PatientMapping { PatientMapping(settings: identifiers) }
}

public import PatientMapping

/// What an operator may choose about the door of HL7 v2.
public struct HL7DoorSettings: Sendable, Hashable {
    /// Whose reading of the profiles holds where they differ.
    public enum Profile: String, Sendable, Hashable, CaseIterable {
        /// IHE's: a cross-reference query is not answered with the identifier that it asked about.
        case ihe
        /// OpenHIE's: it is, and the place of an unknown domain is told as its test suite expects.
        case openhie
    }

    /// Which identifiers name records, who assigns them, and the system of golden identifiers.
    public var identifiers = PatientMapping.Settings()
    /// Whose reading of the profiles holds.
    public var profile = Profile.ihe
    /// Whether an identifier without a domain is taken to be of its sender's only one (ITI-8, 3.8.4.1.3).
    public var fillsMissingDomain = true
    /// Whether an update of an unknown patient registers it.
    public var registersOnUpdate = true
    /// Whether golden identifiers are told among the others.
    public var tellsGolden = false

    /// The defaults.
    public init() {}

    var mapping: PatientMapping { PatientMapping(settings: identifiers) }
}

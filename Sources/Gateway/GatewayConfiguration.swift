public import PatientMapping

/// What an operator may choose about the doors.
public struct GatewayConfiguration: Sendable, Hashable {
    /// Which identifiers name records, and the systems of national and golden identifiers.
    public var identifiers = PatientMapping.Settings()
    /// The address by which clients reach the registry, such as `https://registry.example`; empty where each request says
    /// it rightly.
    public var publicBase = ""
    /// The version of the program, told in the capability statement.
    public var softwareVersion = "0.1.0"
    /// The bounds.
    public var limits = GatewayLimits()

    /// The defaults.
    public init() {}

    /// The system of golden identifiers in the patients that are answered.
    var goldenSystem: String { identifiers.goldenSystem }
    /// How Patients become records.
    var mapping: PatientMapping { PatientMapping(settings: identifiers) }
}

public import Authorities

/// The two ways between a FHIR Patient and the record that the registry compares.
///
///     let mapping = PatientMapping()
///     let record = try mapping.record(decoding: body.span.bytes)
///     let bytes = mapping.encoded(record)
///
/// **Which identifier names the record.** The source of a record is an identifier's `system`, its id the `value`. With
/// `sourceSystems` given, it is the first identifier of one of these systems. Without, it is the first identifier with
/// system and value that names neither the person (the national system, type `NI`, the golden system) nor the past
/// (use `old`); where there is none, a national identifier has to do, and then also counts as an identifier to compare.
/// A caller that knows the key from elsewhere (a conditional update) gives it and no choice is made.
///
/// **What FHIR cannot carry** travels in extensions: a birth date such as `1985-13-02`, a sex such as `undisclosed`.
/// What a record does not hold (photographs, contacts, marital status, …) stays in the bytes that the caller keeps.
///
/// Budget: decoding 1.2 KB in less than 6 µs.
public struct PatientMapping: Sendable {
    /// What a registry decides about identifiers.
    public struct Settings: Sendable, Hashable {
        /// The system of national identifiers that come without one, from files for example.
        public var nationalSystem = "urn:tessera:national-id"
        /// The system of golden identifiers, which name persons, never records.
        public var goldenSystem = "urn:tessera:golden"
        /// Systems that name records; empty when any system may.
        public var sourceSystems: [String] = []
        /// Who assigns identifiers; every name of a domain becomes the preferred one in keys and comparisons.
        public var authorities = AuthorityRegistry.empty

        /// The defaults.
        public init() {}
    }

    /// Extension with a birth date as its source wrote it, where FHIR has no such date.
    public static let rawBirthDateURL = "urn:tessera:raw-birth-date"
    /// Extension with a date of death as its source wrote it, where FHIR has no such date.
    public static let rawDeathDateURL = "urn:tessera:raw-death-date"
    /// Extension with a sex as its source wrote it, where FHIR has no such code.
    public static let rawSexURL = "urn:tessera:raw-sex"
    /// Type code of a national identifier in HL7 table 0203.
    public static let nationalType = "NI"

    /// What the registry decided about identifiers.
    public let settings: Settings

    /// A mapping.
    public init(settings: Settings = Settings()) {
        self.settings = settings
    }
}

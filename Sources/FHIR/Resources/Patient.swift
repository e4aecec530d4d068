/// A FHIR R4 Patient: the elements that say who a person is.
///
///     let patient = try Patient(decoding: body.span.bytes)
///     let family = patient.names.first?.family
///
/// Other elements (photo, communication, narrative, …) are checked for their grammar and passed over: whoever needs
/// them keeps the bytes.
///
/// Budget: below 4 µs for 1.2 KB.
public struct Patient: Sendable, Hashable {
    /// Logical id; empty when absent.
    public var id = ""
    /// What a server said about the resource.
    public var meta: Meta?
    /// Identifiers in order.
    public var identifiers: [Identifier] = []
    /// Whether the record is in use; absent means yes.
    public var active: Bool?
    /// Names in order.
    public var names: [HumanName] = []
    /// Phones, e-mail addresses and the like in order.
    public var telecom: [ContactPoint] = []
    /// Administrative gender.
    public var gender: AdministrativeGender?
    /// Birth date.
    public var birthDate: FHIRDate?
    /// Whether or when the patient died.
    public var deceased: Deceased?
    /// Addresses in order.
    public var addresses: [Address] = []
    /// Marital status.
    public var maritalStatus: CodeableConcept?
    /// Whether the patient is one of several born together, or which of them.
    public var multipleBirth: MultipleBirth?
    /// People to be told: parents, guardians, partners.
    public var contacts: [PatientContact] = []
    /// The organisation that keeps the record.
    public var managingOrganization: Reference?
    /// Links to other records of the same person.
    public var links: [PatientLink] = []
    /// Extensions with simple values.
    public var extensions: [Extension] = []
    /// The element that changes what the others mean, where there is one: `modifierExtension` or `implicitRules`.
    public var modifier: String?

    /// A patient of whom nothing is known yet.
    public init() {}

    /// Administrative gender (FHIR R4 value set `administrative-gender`).
    public enum AdministrativeGender: String, Sendable, Hashable, CaseIterable {
        /// Male.
        case male
        /// Female.
        case female
        /// Neither of the two.
        case other
        /// Not known.
        case unknown
    }

    /// The choice element `deceased[x]`.
    public enum Deceased: Sendable, Hashable {
        /// `deceasedBoolean`
        case boolean(Bool)
        /// `deceasedDateTime`
        case dateTime(FHIRDateTime)
    }

    /// The choice element `multipleBirth[x]`.
    public enum MultipleBirth: Sendable, Hashable {
        /// `multipleBirthBoolean`
        case boolean(Bool)
        /// `multipleBirthInteger`: place in the order of birth.
        case integer(Int)
    }

    /// The extension that carries the mother's maiden name.
    public static let mothersMaidenNameURL = "http://hl7.org/fhir/StructureDefinition/patient-mothersMaidenName"
}

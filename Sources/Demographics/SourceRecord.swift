public import Identifiers

/// What one source says about one patient, decoded but not yet normalised.
///
/// Values are as the source wrote them; an absent value is an empty array, an empty string or `nil`.
public struct SourceRecord: Hashable, Sendable {
    /// What names the record.
    public var key: RecordKey
    /// False where the source has withdrawn the record.
    public var active = true
    /// Names, the preferred one first.
    public var names: [PersonName] = []
    /// Sex or gender as recorded, for example `F`, `male`, `undisclosed`.
    public var sex = ""
    /// Birth date as recorded: ISO `YYYY`, `YYYY-MM`, `YYYY-MM-DD`, or whatever was written.
    public var birthDate = ""
    /// Date of death as recorded; empty where the source does not say.
    public var deathDate = ""
    /// Whether the patient is one of twins or more, and the birth order where it is known.
    public var multipleBirth: MultipleBirth?
    /// Identifiers other than the record's own key: national ids, insurance numbers, ids of other sources.
    public var identifiers: [PatientIdentifier] = []
    /// Values of identifiers that name no authority: the record is found by them, they compare with nothing.
    public var bareIdentifiers: [String] = []
    /// Phones and e-mail addresses.
    public var contacts: [ContactPoint] = []
    /// Addresses, the current one first.
    public var addresses: [PostalAddress] = []
    /// The mother's name (or maiden name) as one text.
    public var motherName = ""

    /// Starts a record that says nothing yet.
    public init(key: RecordKey) { self.key = key }
}

/// A name with its parts as recorded.
public struct PersonName: Hashable, Sendable {
    /// Given names in order; the first is the one the person goes by.
    public var given: [String]
    /// Middle names, where the source tells them apart.
    public var middle: [String]
    /// Family name; may hold several words.
    public var family: String
    /// `usual`, `official`, `maiden`, `old`, `nickname`, `alias`, or empty.
    public var use: String

    /// Makes a name.
    public init(given: [String] = [], middle: [String] = [], family: String = "", use: String = "") {
        self.given = given
        self.middle = middle
        self.family = family
        self.use = use
    }
}

/// An identifier that some authority assigned to the patient.
public struct PatientIdentifier: Hashable, Sendable {
    /// The assigning authority's system.
    public var system: String
    /// The value as recorded.
    public var value: String
    /// A code of HL7 table 0203 such as `NI` (national identifier), or empty.
    public var type: String

    /// Makes an identifier.
    public init(system: String, value: String, type: String = "") {
        self.system = system
        self.value = value
        self.type = type
    }
}

/// A phone number or e-mail address.
public struct ContactPoint: Hashable, Sendable {
    /// How the contact is reached.
    public enum System: UInt8, Sendable {
        /// A telephone of any kind.
        case phone = 1
        /// Electronic mail.
        case email = 2
        /// Anything else.
        case other = 3
    }

    /// How the contact is reached.
    public var system: System
    /// The value as recorded.
    public var value: String

    /// Makes a contact.
    public init(system: System, value: String) {
        self.system = system
        self.value = value
    }
}

/// An address with its parts as recorded.
public struct PostalAddress: Hashable, Sendable {
    /// Street, house number, village, plot: everything below the city, in one text.
    public var line: String
    /// City, town or village.
    public var city: String
    /// District or state.
    public var district: String
    /// Postal code.
    public var postalCode: String
    /// Country.
    public var country: String

    /// Makes an address.
    public init(
        line: String = "",
        city: String = "",
        district: String = "",
        postalCode: String = "",
        country: String = ""
    ) {
        self.line = line
        self.city = city
        self.district = district
        self.postalCode = postalCode
        self.country = country
    }
}

/// One of twins or more.
public enum MultipleBirth: Hashable, Sendable {
    /// Whether the patient is one of several, order unknown.
    case known(Bool)
    /// The position in the order of birth, from 1.
    case order(Int)
}

import Bytes
import Identifiers

/// A source record in its normal form: folded words, packed dates, digits; everything that comparing and keying read.
///
/// Normalising never fails: what cannot be understood stays empty, and empty is neutral when records are compared.
/// Budget: together with keying at most 15 us a record in release.
public struct NormalisedRecord: Sendable {
    /// One name, split by the role of its words.
    public struct Name: Hashable, Sendable {
        /// Given names in order.
        public var given: [Word] = []
        /// Middle names and initials in order.
        public var middle: [Word] = []
        /// Words of the family name in order, particles included.
        public var family: [Word] = []

        /// No word known.
        public init() {}

        /// True where no word is known.
        public var isEmpty: Bool { given.isEmpty && middle.isEmpty && family.isEmpty }
    }

    /// An identifier that an authority assigned.
    public struct Identifier: Hashable, Sendable {
        /// Hash of the authority's system, folded.
        public var authority: UInt64
        /// Letters and digits, folded.
        public var value: Word
        /// What the identifier counts.
        public var kind: IdentifierKind

        /// Makes an identifier in normal form.
        public init(authority: UInt64, value: Word, kind: IdentifierKind) {
            self.authority = authority
            self.value = value
            self.kind = kind
        }
    }

    /// An e-mail address in its two parts.
    public struct Email: Hashable, Sendable {
        /// What stands before the `@`.
        public var local: Word
        /// What stands after it.
        public var domain: Word

        /// Makes an address in normal form.
        public init(local: Word, domain: Word) {
            self.local = local
            self.domain = domain
        }
    }

    /// One address, numbers apart from words.
    public struct Address: Hashable, Sendable {
        /// House, plot and unit numbers in order.
        public var numbers: [Word] = []
        /// The other words of the line, abbreviations unified.
        public var words: [Word] = []
        /// City or village in one word.
        public var city = Word()
        /// District or state in one word.
        public var district = Word()
        /// Postal code in one word.
        public var postalCode = Word()

        /// Nothing known.
        public init() {}

        /// True where nothing is known.
        public var isEmpty: Bool {
            numbers.isEmpty && words.isEmpty && city.isEmpty && district.isEmpty && postalCode.isEmpty
        }
    }

    /// Most names, identifiers, phones, e-mails and addresses kept of one record.
    ///
    /// The first ones, which sources put first because they prefer them. Comparing takes the best pairing, so work
    /// grows with the square.
    public static let repetitionLimit = 4

    /// A hash of the source that the record came from; 0 where that is not known.
    public var source: UInt32 = 0
    /// Names, the preferred one first; at most `repetitionLimit`.
    public var names: [Name] = []
    /// Birth date as far as it is known.
    public var birthDate = PartialDate.unknown
    /// Sex as far as it is known.
    public var sex = Sex.unknown
    /// 0 unknown, 1 senior, 2 junior, 3 and 4 for III and IV.
    public var generation: UInt8 = 0
    /// Order of birth among twins; 0 where unknown or single.
    public var birthOrder: UInt8 = 0
    /// Identifiers, placeholders left out; at most `repetitionLimit`.
    public var identifiers: [Identifier] = []
    /// Last significant digits of phone numbers, `x` before an extension; at most `repetitionLimit`.
    public var phones: [Word] = []
    /// E-mail addresses; at most `repetitionLimit`.
    public var emails: [Email] = []
    /// Addresses, the current one first; at most `repetitionLimit`.
    public var addresses: [Address] = []
    /// Words of the mother's name in order.
    public var mother: [Word] = []

    /// Knows nothing.
    public init() {}

    /// Brings a source record into normal form.
    public init(_ record: SourceRecord) {
        source = record.key.source.isEmpty ? 0 : UInt32(truncatingIfNeeded: KeyHash.hash(record.key.source)) | 1
        for name in record.names.prefix(NormalisedRecord.repetitionLimit) {
            let (normal, suffix) = NameNormalisation.normalise(name)
            if generation == 0 { generation = suffix }
            if !normal.isEmpty, !names.contains(normal) { names.append(normal) }
        }
        birthDate = PartialDate(record.birthDate)
        sex = Sex(record.sex)
        if case .order(let order) = record.multipleBirth { birthOrder = UInt8(clamping: max(0, order)) }
        for identifier in record.identifiers.prefix(NormalisedRecord.repetitionLimit) {
            guard let normal = IdentifierNormalisation.normalise(identifier), !identifiers.contains(normal) else {
                continue
            }
            identifiers.append(normal)
        }
        for contact in record.contacts.prefix(NormalisedRecord.repetitionLimit * 2) { add(contact) }
        for address in record.addresses.prefix(NormalisedRecord.repetitionLimit) {
            let normal = AddressNormalisation.normalise(address)
            if !normal.isEmpty, !addresses.contains(normal) { addresses.append(normal) }
        }
        if !record.motherName.isEmpty {
            mother = NameNormalisation.words(of: record.motherName, limit: NameNormalisation.motherLimit)
        }
    }

    /// The facts that may forbid a merge.
    ///
    /// - Parameter unique: says of which kinds of identifier a person has one.
    /// - Returns: the facts.
    public func facts(unique: (IdentifierKind) -> Bool) -> GuardFacts {
        var facts = GuardFacts()
        facts.birthDate = birthDate.isPlausible ? birthDate.packed : 0
        facts.sex = sex.rawValue
        facts.birthOrder = birthOrder
        // The sound, not the spelling: a guard must not take a typing error for another person.
        if let given = names.first?.given.first { facts.givenName = NameSound.code(given) }
        facts.identifiers = identifiers.filter { unique($0.kind) }
            .map { .init(authority: $0.authority, value: $0.value.hash) }.sorted()
        return facts
    }

    private mutating func add(_ contact: ContactPoint) {
        switch contact.system {
        case .phone:
            let phone = ContactNormalisation.phone(contact.value)
            guard !phone.isEmpty, phones.count < NormalisedRecord.repetitionLimit, !phones.contains(phone) else {
                return
            }
            phones.append(phone)
        case .email:
            guard emails.count < NormalisedRecord.repetitionLimit,
                let email = ContactNormalisation.email(contact.value), !emails.contains(email)
            else { return }
            emails.append(email)
        case .other:
            return
        }
    }
}

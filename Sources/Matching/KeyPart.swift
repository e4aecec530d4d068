/// A property of a record that blocking rules combine into keys; one record may have several values of it.
public enum KeyPart: String, CaseIterable, Sendable, Codable {
    /// Each identifier, authority left out: sources name one authority differently.
    case identifier
    /// Each phone number without extension.
    case phone
    /// Each whole e-mail address.
    case email
    /// Each e-mail address up to the `@`; the whole address where that part is short.
    case emailLocal = "email_local"
    /// The full birth date, day and month in either order; nothing for a default date such as 1 January.
    case birthDate = "birth_date"
    /// The full birth date where it is a default date.
    case defaultBirthDate = "default_birth_date"
    /// The year of birth.
    case birthYear = "birth_year"
    /// Day and month of birth in either order; nothing for a default date.
    case birthDay = "birth_day"
    /// The year and the month of birth.
    case birthMonth = "birth_month"
    /// The sex.
    case sex
    /// The sound of each given name.
    case givenSound = "given_sound"
    /// The sound of the family name.
    case familySound = "family_sound"
    /// The sounds of given and family name, whichever is which.
    case namePair = "name_pair"
    /// The sound of each given, middle and family name.
    case anySound = "any_sound"
    /// The spelling of given and family name, whichever is which.
    case nameSpelling = "name_spelling"
    /// The first letters of given and family name, whichever is which.
    case initials
    /// First letter of each given and family name.
    case anyInitial = "any_initial"
    /// The group of variants of the given name, or its sound.
    case givenVariant = "given_variant"
    /// Numbers and words of each address, in any order.
    case address
    /// The lowest number with the longest word of each address.
    case house
    /// Each city.
    case city
    /// Each postal code.
    case postalCode = "postal_code"
    /// The sounds of the mother's names, in any order.
    case motherSound = "mother_sound"
    /// The first letters of each given and family name.
    case anyStart = "any_start"
    /// The last letters of each given and family name.
    case anyEnd = "any_end"

    /// The index used in key hashes; equals the position above and must not change with it.
    var index: Int { KeyPart.indices[self] ?? 0 }

    private static let indices: [KeyPart: Int] = Dictionary(
        uniqueKeysWithValues: KeyPart.allCases.enumerated().map { ($0.element, $0.offset) }
    )
}

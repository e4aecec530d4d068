/// One invented person as they truly are: what records are made from.
struct SyntheticPerson: Sendable {
    let number: Int
    var isFemale: Bool
    var birth: BirthDate
    var given: String
    var middle: String
    var family: String
    /// The family name before marriage; empty where it is the same.
    var maidenName = ""
    var motherName: String
    var phone: String
    /// The number before it was changed; empty where it never was.
    var formerPhone = ""
    var address: Address
    /// The address before a move; nil where there was none.
    var formerAddress: Address?
    var nationalIdentifier = ""
    var email = ""
    let stock: NameStock

    var age: Int { Household.presentYear - birth.year }
}

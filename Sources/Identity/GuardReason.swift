/// Which guard kept two records apart although their weight would join them.
public enum GuardReason: UInt8, Sendable, CaseIterable {
    /// Two different verified identifiers of one authority.
    case differentIdentifiers = 1
    /// Different places in the order of birth: twins.
    case differentBirthOrder = 2
    /// Different sex and a different given name: brother and sister.
    case differentSexAndName = 3
    /// Birth dates that agree in nothing and a different given name.
    case contradictingBirthDates = 4

    /// The reason as an operator reads it, in kebab case.
    public var name: String {
        switch self {
        case .differentIdentifiers: "different-identifiers"
        case .differentBirthOrder: "different-birth-order"
        case .differentSexAndName: "different-sex-and-name"
        case .contradictingBirthDates: "contradicting-birth-dates"
        }
    }
}

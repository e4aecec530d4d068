import Demographics

/// How common names are, frozen in a rule set: a common name proves less, a rare one more.
///
/// An adjustment is added to the weight of "exact" against one alternative, as in Newcombe et al., "Automatic linkage
/// of vital records", Science 130 (1959), 954-959. Relatives share a rare family name as easily as a common one, so
/// the usual alternative is the stranger. Names are in normal form: folded, words joined.
public struct TermFrequencies: Sendable, Codable, Hashable {
    /// The alternative whose weights are adjusted.
    public var alternative: String
    /// Millibits by given name.
    public var givenNames: [String: Int32]
    /// Millibits by family name.
    public var familyNames: [String: Int32]
    /// Millibits of a given name that is not listed: rarer than those that are.
    public var otherGivenName: Int32?
    /// Millibits of a family name that is not listed.
    public var otherFamilyName: Int32?

    /// Most names in a table: a nation's given or family names, the singular ones left out.
    public static let nameLimit = 2_000_000
    /// Largest adjustment in millibits, either way.
    public static let adjustmentLimit: Int32 = 20_000

    /// Makes tables.
    public init(
        alternative: String,
        givenNames: [String: Int32] = [:],
        familyNames: [String: Int32] = [:],
        otherGivenName: Int32? = nil,
        otherFamilyName: Int32? = nil
    ) {
        self.alternative = alternative
        self.givenNames = givenNames
        self.familyNames = familyNames
        self.otherGivenName = otherGivenName
        self.otherFamilyName = otherFamilyName
    }

    /// The folded, joined form under which a name is looked up.
    public static func normal(_ name: String) -> String { TextFolding.joined(name).description }
}

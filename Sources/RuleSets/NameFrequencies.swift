import Identifiers
import Matching
import Yams

/// The section `term_frequencies` of a rule file: what a common or rare name adds to "exact", in bits.
public struct NameFrequencies: Sendable, Equatable {
    /// The alternative whose weights are adjusted.
    public var against: String
    /// Bits by given name.
    public var givenNames: [String: Double]
    /// Bits by family name.
    public var familyNames: [String: Double]
    /// Bits of a given name that is not listed.
    public var otherGivenName: Double?
    /// Bits of a family name that is not listed.
    public var otherFamilyName: Double?

    /// Largest adjustment in bits, either way.
    public static let bitLimit = 20.0
    private static let bits = -bitLimit...bitLimit

    init(_ node: Node, at path: String, alternatives: [String], _ validation: inout RuleSetValidation) {
        against = ""
        givenNames = [:]
        familyNames = [:]
        let keys = ["against", "given_name", "family_name", "other_given_name", "other_family_name"]
        for (key, value) in validation.entries(node, at: path, required: ["against"], optional: keys) {
            switch key {
            case "against":
                against = value.string ?? ""
                if !alternatives.contains(against) {
                    let near = RuleSetValidation.nearest(to: against, in: alternatives)
                    validation.fault("\(path).against", "`\(against)` is no alternative; did you mean `\(near)`?")
                }
            case "given_name": givenNames = NameFrequencies.names(value, at: "\(path).given_name", &validation)
            case "other_given_name":
                otherGivenName = validation.number(value, at: "\(path).\(key)", in: NameFrequencies.bits)
            case "other_family_name":
                otherFamilyName = validation.number(value, at: "\(path).\(key)", in: NameFrequencies.bits)
            default: familyNames = NameFrequencies.names(value, at: "\(path).family_name", &validation)
            }
        }
    }

    private static func names(
        _ node: Node,
        at path: String,
        _ validation: inout RuleSetValidation
    ) -> [String: Double] {
        var names = [String: Double]()
        for (name, value) in validation.entries(node, at: path, known: []) {
            names[name] = validation.number(value, at: "\(path).\(name)", in: -bitLimit...bitLimit)
        }
        if names.count > TermFrequencies.nameLimit {
            validation.fault(path, "more than \(TermFrequencies.nameLimit) names")
        }
        return names
    }

    /// The compiled form.
    var compiled: TermFrequencies {
        TermFrequencies(
            alternative: against,
            givenNames: givenNames.mapValues { MatchWeight(bits: $0).millibits },
            familyNames: familyNames.mapValues { MatchWeight(bits: $0).millibits },
            otherGivenName: otherGivenName.map { MatchWeight(bits: $0).millibits },
            otherFamilyName: otherFamilyName.map { MatchWeight(bits: $0).millibits }
        )
    }
}

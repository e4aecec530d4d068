import Authorities
import Demographics
import FHIR

/// One parameter of a search: any of its values has to be found.
struct SearchClause: Hashable, Sendable {
    enum Value: Hashable, Sendable {
        /// A text as written, and folded.
        case text(String, folded: String)
        /// A token; no system means any.
        case token(system: String?, code: String)
        case date(DateCondition)
    }

    let parameter: SearchParameter
    let modifier: SearchModifier?
    let values: [Value]

    /// Reads `family:exact=Müller,Mueller`.
    ///
    /// - Throws: `SearchFault` where modifier or value cannot be used.
    init(
        _ parameter: SearchParameter,
        modifier: String?,
        _ text: String,
        _ authorities: AuthorityRegistry
    ) throws(SearchFault) {
        self.parameter = parameter
        let name = parameter.rawValue
        if let modifier {
            let isKnown: Set<SearchModifier> =
                parameter.kind == .string ? [.exact, .contains, .missing] : [.missing, .not]
            guard let known = SearchModifier(rawValue: modifier), isKnown.contains(known),
                known != .not || parameter.kind == .token
            else {
                throw SearchFault(kind: .unsupported, parameter: name, detail: "the modifier is not supported here")
            }
            self.modifier = known
        } else {
            self.modifier = nil
        }
        let alternatives = SearchToken.alternatives(text)
        guard !alternatives.isEmpty else { throw .invalid(name, "a value is needed") }
        var values: [Value] = []
        for alternative in alternatives {
            values.append(try SearchClause.value(alternative, parameter, self.modifier, authorities))
        }
        self.values = values
    }

    private static func value(
        _ text: String,
        _ parameter: SearchParameter,
        _ modifier: SearchModifier?,
        _ authorities: AuthorityRegistry
    ) throws(SearchFault) -> Value {
        if modifier == .missing {
            guard text == "true" || text == "false" else { throw .invalid(parameter.rawValue, "must be true or false") }
            return .token(system: nil, code: text)
        }
        switch parameter.kind {
        case .string:
            let plain = SearchToken.plain(text)
            return .text(plain, folded: SearchClause.folded(plain))
        case .date:
            guard let condition = DateCondition(text) else {
                throw .invalid(parameter.rawValue, "must be a date such as 1984-01-25, 1984 or ge1984-01")
            }
            return .date(condition)
        case .token, .reference:
            let (system, code) = SearchToken.parts(text)
            if parameter == .active || parameter == .deceased, code != "true", code != "false" {
                throw .invalid(parameter.rawValue, "must be true or false")
            }
            guard parameter == .identifier else { return .token(system: system, code: code) }
            guard !code.isEmpty || system?.isEmpty == false else { throw .invalid("identifier", "must not be empty") }
            return .token(system: system.map(authorities.canonical), code: code)
        }
    }

    /// A text in small letters without marks, its words parted by one space.
    static func folded(_ text: String) -> String {
        TextFolding.words(of: text).map(\.description).joined(separator: " ")
    }
}

internal import JSON

/// What a token says of the person at the client (IHE IUA, `extensions.ihe_iua`).
public struct TokenUser: Sendable, Hashable {
    /// The name.
    public let name: String
    /// The organisation.
    public let organization: String
    /// The roles, by code.
    public let roles: [String]
    /// Why the person asks, by code.
    public let purposes: [String]

    /// Longer texts are cut: they are told in every entry of the audit trail.
    static let textMax = 256

    init(_ claims: JSONValue?) {
        func text(_ value: JSONValue?) -> String { String((value?.string ?? "").prefix(Self.textMax)) }
        func codes(_ value: JSONValue?) -> [String] {
            let items = value?.array ?? value.map { [$0] } ?? []
            return items.prefix(16).map { text($0["code"] ?? $0) }.filter { !$0.isEmpty }
        }
        name = text(claims?["subject_name"])
        organization = text(claims?["subject_organization"])
        roles = codes(claims?["subject_role"])
        purposes = codes(claims?["purpose_of_use"])
    }
}

/// A parameter of a route's query, for the description of the interface.
struct RouteParameter: Sendable, Hashable {
    /// What values it takes.
    enum Kind: String, Sendable {
        case text = "string"
        case number = "integer"
    }

    let name: String
    let kind: Kind
    let isRequired: Bool
    let summary: String

    init(_ name: String, _ summary: String, kind: Kind = .text, required: Bool = false) {
        self.name = name
        self.kind = kind
        self.isRequired = required
        self.summary = summary
    }
}

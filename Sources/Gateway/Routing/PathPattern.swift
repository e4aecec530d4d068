/// The shape of a path: `/fhir/Patient/{id}`, names in braces stand for one segment each.
struct PathPattern: Sendable, Hashable {
    private enum Part: Sendable, Hashable {
        case word(String)
        case name(String)
    }

    /// The pattern as written.
    let text: String
    private let parts: [Part]
    /// The names in order.
    let names: [String]

    init(_ text: String) {
        self.text = text
        parts = text.split(separator: "/").map { part in
            part.hasPrefix("{") && part.hasSuffix("}")
                ? .name(String(part.dropFirst().dropLast())) : .word(String(part))
        }
        names = parts.compactMap { part in
            guard case .name(let name) = part else { return nil }
            return name
        }
    }

    /// How many words it holds: of two patterns that fit, the one with more words is meant.
    var words: Int { parts.count - names.count }

    /// The values of the names, where the segments fit.
    func match(_ segments: [String]) -> [String]? {
        guard segments.count == parts.count else { return nil }
        var values: [String] = []
        for (part, segment) in zip(parts, segments) {
            switch part {
            case .word(let word): if word != segment { return nil }
            case .name: values.append(segment)
            }
        }
        return values
    }
}

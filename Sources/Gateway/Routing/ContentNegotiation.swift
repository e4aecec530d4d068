/// What a client sends and what it wants back (RFC 9110, section 12).
enum ContentNegotiation {
    /// One media range of an `Accept`, or one `Content-Type`.
    struct Range: Sendable, Hashable {
        let type: String
        let parameters: [String: String]

        var quality: Double { parameters["q"].flatMap(Double.init) ?? 1 }

        /// Reads `type/subtype; name=value; …`.
        init(_ text: Substring) {
            let parts = text.split(separator: ";").map(ContentNegotiation.trimmed)
            type = parts.first?.lowercased() ?? ""
            var parameters: [String: String] = [:]
            for part in parts.dropFirst() {
                guard let equals = part.firstIndex(of: "=") else { continue }
                let value = part[part.index(after: equals)...].drop { $0 == "\"" }
                let name = ContentNegotiation.trimmed(part[..<equals]).lowercased()
                parameters[name] = String(value.prefix { $0 != "\"" }).lowercased()
            }
            self.parameters = parameters
        }

        func covers(_ offered: String) -> Bool {
            if type == "*/*" || type == "*" || type == offered { return true }
            return type.hasSuffix("/*") && offered.hasPrefix(type.dropLast())
        }
    }

    /// The best of the offered types (most wanted by us first), or `nil` where the client takes none.
    static func best(_ accept: String?, of offered: [String]) -> String? {
        guard let accept, !trimmed(accept[...]).isEmpty else { return offered.first }
        let ranges = accept.split(separator: ",").map { Range($0) }
        var best: (type: String, quality: Double)?
        for type in offered {
            // The most specific range that covers a type decides its quality.
            let covering = ranges.filter { $0.covers(type) }.max { specificity($0) < specificity($1) }
            guard let quality = covering?.quality, quality > 0 else { continue }
            if let found = best, found.quality >= quality { continue }
            best = (type, quality)
        }
        return best?.type
    }

    private static func specificity(_ range: Range) -> Int {
        range.type == "*/*" || range.type == "*" ? 0 : range.type.hasSuffix("/*") ? 1 : 2
    }

    static func trimmed(_ text: Substring) -> Substring {
        let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\t" }
        let front = text.drop(while: isSpace)
        guard let last = front.lastIndex(where: { !isSpace($0) }) else { return "" }
        return front[...last]
    }
}

internal import JSON

/// What a server says in the body of an error: problem details (RFC 9457) or an OperationOutcome.
enum ProblemWords {
    /// Longest text that is passed on.
    private static let lengthMax = 400

    /// The words in one line; `nil` where there are none.
    static func read(_ body: [UInt8]) -> String? {
        guard let value = try? JSONValue(parsing: body.span.bytes) else { return nil }
        let issue = value["issue"]?[0]
        let text = value["detail"]?.string ?? issue?["diagnostics"]?.string ?? issue?["details"]?["text"]?.string
        guard let text, !text.isEmpty else { return value["title"]?.string }
        let field = value["field"]?.string ?? issue?["expression"]?[0]?.string ?? ""
        let line = field.isEmpty ? text : "\(text) (\(field))"
        return String(line.prefix(lengthMax)).split(whereSeparator: \.isNewline).joined(separator: " ")
    }
}

internal import JSON

/// Results on standard output: text for people, or one JSON value for programs.
enum Report {
    /// Writes a JSON value on a line.
    static func json(_ value: JSONValue) {
        Terminal.answer(String(decoding: value.serialised(), as: UTF8.self))
    }

    /// Writes lines.
    static func text(_ lines: [String]) {
        guard !lines.isEmpty else { return }
        Terminal.answer(lines.joined(separator: "\n"))
    }
}

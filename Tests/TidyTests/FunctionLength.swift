/// The length of every function of a file, counted from the line of its name to the line of its closing brace.
enum FunctionLength {
    /// A function and how many lines it has.
    struct Measured: Equatable {
        /// Its name; `init`, `deinit` and `subscript` under those words.
        let name: String
        /// Its lines, both ends included.
        let lines: Int
    }

    /// Measures the functions of `code`, the outermost ones only: what is nested counts as a part of it.
    static func measure(_ code: [Substring]) -> [Measured] {
        var found: [Measured] = []
        var index = 0
        while index < code.count {
            guard let name = nameOfFunction(code[index]), let end = endOfBody(code, from: index) else {
                index += 1
                continue
            }
            found.append(Measured(name: name, lines: end - index + 1))
            index = end + 1
        }
        return found
    }

    private static func nameOfFunction(_ line: Substring) -> String? {
        let words = ["func ", "init", "subscript"]
        guard words.contains(where: { line.contains($0) }) else { return nil }
        let modifiers =
            #/^\s*(?:@[\w.]+(?:\([^)]*\))?\s+|(?!func|init|deinit|subscript|case|let|var)[a-z]+(?:\([^)]*\))?\s+)*/#
        let rest = line.trimmingPrefix(modifiers)
        if let match = rest.prefixMatch(of: #/func\s+(`?[\w]+`?|[^\s(<]+)/#) { return String(match.1) }
        if rest.prefixMatch(of: #/init[?!]?\s*[(<]/#) != nil { return "init" }
        if rest.prefixMatch(of: #/deinit\b/#) != nil { return "deinit" }
        return rest.prefixMatch(of: #/subscript\s*[(<]/#) != nil ? "subscript" : nil
    }

    /// The line on which the body that begins at or after `start` ends; `nil` where there is no body.
    private static func endOfBody(_ code: [Substring], from start: Int) -> Int? {
        var braces = 0
        var parentheses = 0
        for index in start..<code.count {
            for byte in code[index].utf8 {
                switch byte {
                case UInt8(ascii: "("), UInt8(ascii: "["): parentheses += 1
                case UInt8(ascii: ")"), UInt8(ascii: "]"): parentheses -= 1
                case UInt8(ascii: "{"): braces += 1
                case UInt8(ascii: "}"):
                    braces -= 1
                    // The brace of the type around it: a requirement of a protocol, which has no body.
                    if braces < 0 { return nil }
                    if braces == 0, parentheses == 0 { return index }
                default: break
                }
            }
            // A requirement without a body ends with its line; another declaration follows.
            if braces == 0, parentheses == 0, index > start, nameOfFunction(code[index]) != nil { return nil }
        }
        return nil
    }
}

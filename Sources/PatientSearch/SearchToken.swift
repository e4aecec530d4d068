/// Values of a search, taken apart (FHIR R4, 3.1.1.4.3 and 3.1.1.4.10).
enum SearchToken {
    /// The alternatives of a value: parts between commas that are not escaped.
    static func alternatives(_ text: String) -> [String] {
        split(text, at: UInt8(ascii: ","), most: .max).filter { !$0.isEmpty }
    }

    /// System and code of a token: `system|code`, `|code` (an empty system), `code` (any system).
    static func parts(_ text: String) -> (system: String?, code: String) {
        let parts = split(text, at: UInt8(ascii: "|"), most: 2)
        return parts.count == 2 ? (plain(parts[0]), plain(parts[1])) : (nil, plain(text))
    }

    /// A text without its escapes: `\,`, `\|`, `\$` and `\\` stand for themselves.
    static func plain(_ text: String) -> String {
        guard text.contains("\\") else { return text }
        var result = ""
        var isEscaped = false
        for character in text {
            if isEscaped || character != "\\" {
                result.append(character)
                isEscaped = false
            } else {
                isEscaped = true
            }
        }
        return result
    }

    private static func split(_ text: String, at separator: UInt8, most: Int) -> [String] {
        let bytes = text.utf8
        var parts: [String] = []
        var start = bytes.startIndex
        var isEscaped = false
        for place in bytes.indices {
            if bytes[place] == separator, !isEscaped, parts.count + 1 < most {
                parts.append(String(text[start..<place]))
                start = bytes.index(after: place)
                continue
            }
            isEscaped = bytes[place] == UInt8(ascii: "\\") && !isEscaped
        }
        parts.append(String(text[start...]))
        return parts
    }
}

import Matching

/// The paths into a Patient that decision rules use, as far as Tessera compares what they name.
enum FHIRPathSource {
    /// What a path names; the filters `where(...)`, `last()`, `first()` and indexes choose among repetitions.
    ///
    /// - Returns: `nil` where it names nothing that is compared.
    static func source(_ path: String) -> ColumnSource? {
        let plain = path.hasPrefix("Patient.") ? String(path.dropFirst(8)) : path
        let steps = steps(plain)
        let names = steps.map(\.name).filter { !["last", "first", "where", "join", "toString", "value"].contains($0) }
        let condition = steps.first { $0.name == "where" }?.argument ?? ""
        switch names {
        case ["name", "given"]: return ColumnSource(.givenName)
        case ["name", "family"]: return ColumnSource(.familyName)
        case ["name"], ["name", "text"]: return ColumnSource(.fullName)
        case ["birthDate"]: return ColumnSource(.birthDate)
        case ["gender"]: return ColumnSource(.sex)
        case ["identifier"]: return ColumnSource(.identifier, system: quoted("system", in: condition))
        case ["telecom"]: return ColumnSource(quoted("system", in: condition) == "email" ? .email : .phone)
        case ["address", "line"]: return ColumnSource(.addressLine)
        case ["address", "city"]: return ColumnSource(.city)
        case ["address", "district"], ["address", "state"]: return ColumnSource(.district)
        case ["address", "postalCode"]: return ColumnSource(.postalCode)
        default:
            let isMother = condition.contains("mothersMaidenName")
            return names.first == "extension" && isMother ? ColumnSource(.motherName) : nil
        }
    }

    /// Steps between dots that stand outside of brackets; `where(system='x')` is a step with an argument.
    private static func steps(_ path: String) -> [(name: String, argument: String)] {
        var steps: [(name: String, argument: String)] = []
        var name = ""
        var argument = ""
        var depth = 0
        var isQuoted = false
        for character in path {
            if character == "'" { isQuoted.toggle() }
            if !isQuoted, character == "(" || character == "[" { depth += 1 }
            if depth > 0 {
                argument.append(character)
            } else if character == ".", !isQuoted {
                steps.append((name, argument))
                (name, argument) = ("", "")
            } else if !character.isWhitespace {
                name.append(character)
            }
            if !isQuoted, character == ")" || character == "]" { depth = max(0, depth - 1) }
        }
        steps.append((name, argument))
        return steps.filter { !$0.name.isEmpty }
    }

    /// The text that a member must equal in a condition such as `(system='urn:x')`.
    private static func quoted(_ member: String, in condition: String) -> String? {
        let pieces = condition.split(separator: "'", omittingEmptySubsequences: false)
        for index in stride(from: 0, to: pieces.count - 1, by: 2) {
            let before = pieces[index].filter { !$0.isWhitespace }
            if before.hasSuffix("\(member)=") { return String(pieces[index + 1]) }
        }
        return nil
    }
}

internal import Authorities
internal import FHIR
internal import Identifiers
internal import PatientMapping

/// `system|value` as a search token, the one way in which a condition may name a record.
enum IdentifierQuery {
    /// Reads the query of a conditional interaction: `identifier=system|value` and nothing else.
    ///
    /// - Throws: a 400 where the condition is another one.
    static func key(
        _ items: [RequestTarget.Item],
        place: String,
        _ mapping: PatientMapping
    ) throws(DoorFault) -> RecordKey {
        let items = items.filter { $0.name != "_format" }
        guard items.count == 1, items[0].name == "identifier" else {
            throw DoorFault(400, .notSupported, "the condition must be identifier=system|value, once", at: place)
        }
        return try key(items[0].value, place: place, mapping)
    }

    /// Reads one token.
    ///
    /// - Throws: a 400 where system or value is missing or too long.
    static func key(_ token: String, place: String, _ mapping: PatientMapping) throws(DoorFault) -> RecordKey {
        let parts = try split(token, place: place)
        guard let system = parts.system, !system.isEmpty, !parts.value.isEmpty else {
            throw .invalid("identifier must be system|value, neither of them empty", at: place)
        }
        let source = mapping.settings.authorities.canonical(system)
        return try RecordNames.key(source: source, value: parts.value, at: place)
    }

    /// Takes a token apart at its first bar that is not escaped; `\|`, `\,`, `\$` and `\\` stand for themselves.
    private static func split(_ token: String, place: String) throws(DoorFault) -> (system: String?, value: String) {
        var parts = [""]
        var isEscaped = false
        for character in token {
            if isEscaped {
                parts[parts.count - 1].append(character)
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else if character == "|", parts.count == 1 {
                parts.append("")
            } else {
                parts[parts.count - 1].append(character)
            }
        }
        return parts.count == 2 ? (parts[0], parts[1]) : (nil, parts[0])
    }

    /// Takes the alternatives of a parameter apart: commas that are not escaped.
    static func alternatives(_ text: String) -> [String] {
        var parts = [""]
        var isEscaped = false
        for character in text {
            if character == ",", !isEscaped {
                parts.append("")
                continue
            }
            parts[parts.count - 1].append(character)
            isEscaped = character == "\\" && !isEscaped
        }
        return parts.filter { !$0.isEmpty }
    }
}

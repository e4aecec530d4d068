import JSON
import Matching

/// Blocking rules as Splink writes them, as far as columns say what keys do.
enum SplinkBlocking {
    /// One rule for each of Tessera's whose parts all have a column; equality of spelling stands for equality of sound.
    static func rules(_ rules: [BlockingRule], columns: ColumnModel) -> [JSONValue] {
        var result: [JSONValue] = []
        for rule in rules {
            let conditions = rule.parts.compactMap { condition($0, columns) }
            guard conditions.count == rule.parts.count, !conditions.isEmpty else { continue }
            let text = conditions.count == 1 ? conditions[0] : conditions.map { "(\($0))" }.joined(separator: " AND ")
            let written: JSONValue = ["blocking_rule": .string(text), "sql_dialect": "duckdb"]
            if !result.contains(written) { result.append(written) }
        }
        return result
    }

    private static func condition(_ part: KeyPart, _ columns: ColumnModel) -> String? {
        switch part {
        case .namePair:
            guard let given = column(.givenName, columns), let family = column(.familyName, columns) else { return nil }
            return "\(equal(given)) AND \(equal(family))"
        case .birthYear:
            if let year = column(.birthYear, columns) { return equal(year) }
            guard let date = column(.birthDate, columns) else { return nil }
            return "substr(l.\"\(date)\", 1, 4) = substr(r.\"\(date)\", 1, 4)"
        default:
            return kind(part).flatMap { column($0, columns) }.map(equal)
        }
    }

    private static func kind(_ part: KeyPart) -> ColumnSource.Kind? {
        switch part {
        case .givenSound, .givenVariant: .givenName
        case .familySound: .familyName
        case .birthDate, .defaultBirthDate: .birthDate
        case .sex: .sex
        case .identifier: .identifier
        case .phone: .phone
        case .email, .emailLocal: .email
        case .city: .city
        case .postalCode: .postalCode
        case .address: .addressLine
        case .motherSound: .motherName
        default: nil
        }
    }

    /// The first column of a kind by name, so that equal models give equal files.
    private static func column(_ kind: ColumnSource.Kind, _ columns: ColumnModel) -> String? {
        columns.columns.keys.sorted().first { columns.columns[$0]?.kind == kind }
    }

    private static func equal(_ column: String) -> String { "l.\"\(column)\" = r.\"\(column)\"" }
}

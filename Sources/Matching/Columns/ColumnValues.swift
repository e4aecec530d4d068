import Bytes
import Demographics

/// Reads the values of columns off a feature row: the normal forms that Tessera keeps, as text.
struct ColumnValues {
    let sources: [ColumnSource]

    /// The values of a row, `nil` where the record does not know one; a row that is none has no values.
    func read(_ row: [UInt8]) -> [String?] {
        let values = RowValues(row)
        return sources.map { source in
            let text = values.text(source)
            return text.isEmpty ? nil : text
        }
    }
}

extension RowValues {
    /// The value of a source: of several the first, except of names, whose words are joined by blanks.
    func text(_ source: ColumnSource) -> String {
        switch source.kind {
        case .givenName: name(.given, 0)
        case .middleName: name(.middle, 0)
        case .familyName: name(.family, 0)
        case .fullName:
            [name(.given, 0), name(.middle, 0), name(.family, 0)].filter { !$0.isEmpty }.joined(separator: " ")
        case .birthDate: knownDate
        case .birthYear: String(knownDate.prefix(4))
        case .sex: text(.sex)
        case .identifier: identifier(source.system)
        case .phone: words(.phone, 0, skipping: 0)
        case .email: email(0)
        case .addressLine: address(0)
        case .city: words(.city, 0, skipping: 0)
        case .district: words(.district, 0, skipping: 0)
        case .postalCode: words(.postal, 0, skipping: 0)
        case .motherName: name(.mother, 0)
        }
    }

    /// `YYYY-MM-DD`, `YYYY-MM` or `YYYY`, as far as the date is known from the year on.
    private var knownDate: String {
        let parts = text(.birthDate).split(separator: "-").prefix { !$0.hasPrefix("?") }
        return parts.joined(separator: "-")
    }

    private func identifier(_ system: String?) -> String {
        for repetition in 0..<NormalisedRecord.repetitionLimit {
            let text = words(.identifier, repetition, skipping: 0)
            guard !text.isEmpty else { break }
            guard let system else { return text }
            if isIdentifier(repetition, of: KeyHash.hash(system, seed: 0)) { return text }
        }
        return ""
    }
}

/// Which column of a table holds which field.
///
///     let mapping = try ColumnMapping(header: ["record_id", "Surname"], overrides: ["Surname=family_name"])
public struct ColumnMapping: Sendable, Hashable {
    /// Never read, under any name: the truth of a test set must not reach the matcher.
    static let ignored = "entityid"

    /// The field of each column, `nil` where the column is not used.
    public let fields: [RecordField?]
    /// Columns that mean nothing to us, to be reported once.
    public let unmapped: [String]
    /// Columns that were understood by a name of their own for a field, such as `Surname`, to be reported once.
    public let custom: [CustomColumn]

    /// A column that is called otherwise than its field.
    public struct CustomColumn: Sendable, Hashable {
        /// As the header has it.
        public let column: String
        /// What it is read as.
        public let field: RecordField
    }

    /// Matches the header's columns with fields.
    ///
    /// - Parameters:
    ///   - header: names of the columns.
    ///   - overrides: `COLUMN=FIELD` pairs, which come before the columns' own names.
    /// - Throws: `RecordFileError` when a pair is invalid, a field occurs twice or `record_id` is missing.
    public init(header: [String], overrides: [String] = []) throws(RecordFileError) {
        let mapped = try Self.parse(overrides, header: header)
        var fields: [RecordField?] = []
        var unmapped: [String] = []
        for column in header {
            let name = RecordField.plain(column)
            guard name != Self.ignored else {
                fields.append(nil)
                continue
            }
            let field = mapped[name] ?? Self.ownField(of: column, unless: mapped)
            if field == nil { unmapped.append(column) }
            fields.append(field)
        }
        custom = Self.takeCustom(header, into: &fields)
        try Self.check(fields, header: header)
        self.fields = fields
        let known = Set(custom.map(\.column))
        self.unmapped = unmapped.filter { !known.contains($0) }
    }

    /// Gives fields that no column is named after to columns that mean them by other names, the first one each.
    private static func takeCustom(_ header: [String], into fields: inout [RecordField?]) -> [CustomColumn] {
        var custom: [CustomColumn] = []
        for (index, column) in header.enumerated() where fields[index] == nil && RecordField.plain(column) != ignored {
            guard let field = RecordField(customName: column), !fields.contains(field) else { continue }
            fields[index] = field
            custom.append(CustomColumn(column: column, field: field))
        }
        return custom
    }

    /// A column's own name counts only when no pair gives its field to another column.
    private static func ownField(of column: String, unless mapped: [String: RecordField]) -> RecordField? {
        guard let field = RecordField(columnName: column), !mapped.values.contains(field) else { return nil }
        return field
    }

    private static func parse(
        _ overrides: [String],
        header: [String]
    ) throws(RecordFileError) -> [String: RecordField] {
        var mapped: [String: RecordField] = [:]
        for text in overrides {
            guard let equals = text.lastIndex(of: "=") else {
                throw .invalidMapping(text, reason: "expected COLUMN=FIELD")
            }
            let column = RecordField.plain(String(text[..<equals]))
            guard let field = RecordField(columnName: String(text[text.index(after: equals)...])) else {
                let known = RecordField.allCases.map(\.rawValue).joined(separator: ", ")
                throw .invalidMapping(text, reason: "the fields are \(known)")
            }
            guard column != ignored else { throw .invalidMapping(text, reason: "entity_id is never read") }
            guard header.contains(where: { RecordField.plain($0) == column }) else {
                throw .invalidMapping(text, reason: "the columns are \(header.joined(separator: ", "))")
            }
            mapped[column] = field
        }
        return mapped
    }

    private static func check(_ fields: [RecordField?], header: [String]) throws(RecordFileError) {
        for (index, field) in fields.enumerated() {
            guard let field, let other = fields[..<index].firstIndex(of: field) else { continue }
            throw .doubledColumn(field.rawValue, first: header[other], second: header[index])
        }
        guard fields.contains(.recordID) else {
            throw .missingColumn(RecordField.recordID.rawValue, found: header)
        }
    }
}

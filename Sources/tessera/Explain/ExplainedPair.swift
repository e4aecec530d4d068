internal import Demographics
internal import Identifiers
internal import JSON
internal import PatientMapping

/// An explanation as people read it: what both records say, side by side, and what each field weighs.
struct ExplainedPair {
    private let answer: JSONValue

    /// The longest value that is shown.
    private static let valueWidth = 34

    /// The answer of `/api/v1/explain`.
    init(_ answer: JSONValue) { self.answer = answer }

    /// A verdict, and a line for each field that one of them knows.
    var lines: [String] {
        let names = ["a", "b"].map { name(answer[$0]) }
        let goldens = ["a", "b"].map { answer[$0]?["golden"]?.string ?? "none" }
        let verdict =
            answer["samePerson"]?.boolean == true
            ? "one person, \(goldens[0])" : "two persons, \(goldens[0]) and \(goldens[1])"
        var table = TextTable([("", .left), (Self.cut(names[0]), .left), (Self.cut(names[1]), .left)])
        for row in rows { table.add([row.field, Self.cut(row.first), Self.cut(row.second)]) }
        let weights = (answer["text"]?.string ?? "").split(separator: "\n", omittingEmptySubsequences: false).map(
            String.init
        )
        return ["\(names[0]) and \(names[1]) are \(verdict)", ""] + table.lines + [""] + weights
    }

    private var rows: [(field: String, first: String, second: String)] {
        let facts = ["a", "b"].map { self.facts(of: answer[$0]) }
        var rows: [(String, String, String)] = []
        for (index, fact) in facts[0].enumerated() {
            let other = facts[1][index].value
            if !fact.value.isEmpty || !other.isEmpty { rows.append((fact.field, fact.value, other)) }
        }
        return rows
    }

    private func name(_ record: JSONValue?) -> String {
        "\(record?["source"]?.string ?? "?")|\(record?["id"]?.string ?? "?")"
    }

    /// What a record says, in the order in which people compare; the same fields for every record.
    private func facts(of record: JSONValue?) -> [(field: String, value: String)] {
        let key = RecordKey(source: record?["source"]?.string ?? "", value: record?["id"]?.string ?? "")
        let bytes = record?["document"]?.serialised() ?? []
        let patient = (try? PatientMapping().record(decoding: bytes.span.bytes, key: key)) ?? SourceRecord(key: key)
        let address = patient.addresses.first ?? PostalAddress()
        return [
            ("given name", patient.names.map { $0.given.joined(separator: " ") }.joined(separator: " / ")),
            ("middle name", patient.names.map { $0.middle.joined(separator: " ") }.joined(separator: " / ")),
            ("family name", patient.names.map(\.family).joined(separator: " / ")),
            ("sex", patient.sex),
            ("birth date", patient.birthDate),
            ("identifiers", patient.identifiers.map(\.value).joined(separator: ", ")),
            ("contacts", patient.contacts.map(\.value).joined(separator: ", ")),
            ("address", address.line),
            ("city", address.city),
            ("district", address.district),
            ("postal code", address.postalCode),
            ("mother", patient.motherName),
        ]
    }

    private static func cut(_ text: String) -> String {
        text.count > valueWidth ? text.prefix(valueWidth - 1) + "…" : text
    }
}

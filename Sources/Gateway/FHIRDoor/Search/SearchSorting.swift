internal import Identifiers
internal import Coordinator
internal import FHIR
internal import PatientSearch

/// The order of a search (`_sort`), as texts that compare as the values do.
enum SearchSorting {
    /// What may be sorted by.
    enum Field: String, Sendable, CaseIterable {
        case id = "_id"
        case lastUpdated = "_lastUpdated"
        case family, given, name, gender
        case birthDate = "birthdate"
        case deathDate = "death-date"
        case addressCity = "address-city"
    }

    /// Reads `family,-birthdate`.
    ///
    /// - Throws: a 400 where a part cannot be sorted by.
    static func order(_ text: String) throws(DoorFault) -> [SearchOptions.Order] {
        var order: [SearchOptions.Order] = []
        for part in text.split(separator: ",") {
            let isDescending = part.hasPrefix("-")
            guard let field = Field(rawValue: String(isDescending ? part.dropFirst() : part)) else {
                let known = Field.allCases.map(\.rawValue).joined(separator: ", ")
                throw DoorFault(400, .notSupported, "cannot be sorted by; can be: \(known)", at: "_sort")
            }
            order.append(SearchOptions.Order(field: field, isDescending: isDescending))
        }
        return order
    }

    /// What a Patient is sorted by.
    static func values(_ found: FoundPatient, _ order: [SearchOptions.Order]) -> [String] {
        order.map { value(found, $0.field) }
    }

    /// Whether one stands before the other; equal ones in the order of their addresses.
    static func isBefore(
        _ left: (values: [String], id: String),
        _ right: (values: [String], id: String),
        _ order: [SearchOptions.Order]
    ) -> Bool {
        for (index, part) in order.enumerated() where left.values[index] != right.values[index] {
            return (left.values[index] < right.values[index]) != part.isDescending
        }
        return left.id < right.id
    }

    private static func value(_ found: FoundPatient, _ field: Field) -> String {
        let patient = found.patient
        switch field {
        case .id: return found.record.id.description
        case .lastUpdated: return FHIRInstant(milliseconds: Int64(clamping: found.record.updated)).description
        case .family: return PatientQuery.folded(patient.names.first?.family ?? "")
        case .given: return PatientQuery.folded(patient.names.first?.given.joined(separator: " ") ?? "")
        case .name:
            let name = patient.names.first
            return PatientQuery.folded((name?.family ?? "") + " " + (name?.given.joined(separator: " ") ?? ""))
        case .gender: return patient.gender?.rawValue ?? ""
        case .birthDate: return patient.birthDate?.description ?? ""
        case .deathDate:
            guard case .dateTime(let date) = patient.deceased else { return "" }
            return date.text
        case .addressCity: return PatientQuery.folded(patient.addresses.first?.city ?? "")
        }
    }
}

internal import Coordinator
internal import FHIR
internal import Identifiers
internal import JSON

/// A record as OpenCR's user interface shows it in a table.
struct OpenCRRow {
    /// `nil` for somebody who is only asked about.
    private let record: StoredRecord?
    private let patient: Patient

    /// Reads what the client may see of a record.
    init(_ record: StoredRecord) {
        self.record = record
        patient = (try? Patient(decoding: record.document.span.bytes)) ?? Patient()
    }

    /// Reads a Patient that is not stored.
    init(asked document: [UInt8]) {
        record = nil
        patient = (try? Patient(decoding: document.span.bytes)) ?? Patient()
    }

    private var name: HumanName? { patient.names.first { $0.use == .official } ?? patient.names.last }

    /// What every table shows.
    private var common: JSONObject {
        [
            "id": .string(record?.id.description ?? patient.id),
            "gender": .string(patient.gender?.rawValue ?? ""),
            "family": .string(name?.family ?? ""),
            "given": .string((name?.given ?? []).joined(separator: " ")),
            "birthDate": .string(patient.birthDate?.description ?? ""),
            "uid": .string(record?.golden?.description ?? ""),
            "source": .string(record?.key.source ?? ""),
            "source_id": .string(record?.key.value ?? ""),
        ]
    }

    /// The row of a match with its scores against other rows, by what those are called in their sources.
    func match(scores: [(String, Double)]) -> JSONValue {
        var row = common
        row["ouid"] = row["uid"]
        let phones = patient.telecom.filter { $0.system == .phone }.map(\.value)
        row["phone"] = .string(phones.joined(separator: ", "))
        for identifier in patient.identifiers where !identifier.system.isEmpty {
            row["identifier_\(identifier.system)"] = .string(identifier.value)
        }
        for one in patient.extensions {
            if case .text(let text) = one.value { row["extension_\(one.url)"] = .string(text) }
        }
        var object = JSONObject()
        for (name, score) in scores { object[name] = .number(JSONNumber(score)) }
        row["scores"] = .object(object)
        return .object(row)
    }

    /// The row of an open question.
    func issue(_ reason: String, _ code: String) -> JSONValue {
        var row = common
        row["reason"] = .string(reason)
        row["reasonCode"] = .string(code)
        return .object(row)
    }
}

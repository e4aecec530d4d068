internal import Coordinator
internal import Identifiers
internal import JSON

/// Patients as clients of OpenCR know them: a source record refers to its golden record, tags tell open questions.
///
/// The golden record is the person under its golden identifier, with a tag of its own and a link to each record.
struct OpenCRForm: Sendable {
    /// The tag of golden records.
    static let goldenTag = "5c827da5-4858-4f3d-a50c-62ece001efea"
    /// The system of tags about questions.
    static let issues = "http://openclientregistry.org/fhir/matchIssues"

    let call: DoorCall

    /// The answer with every Patient in it in that form.
    func applied(to answer: DoorAnswer) async -> DoorAnswer {
        guard (200..<300).contains(answer.status), answer.headers["content-type"] == MediaType.fhirJSON,
            var value = try? JSONValue(parsing: answer.body.span.bytes)
        else { return answer }
        switch value["resourceType"]?.string {
        case "Patient": value = form(value, await questions(about: [value]))
        case "Bundle":
            guard var bundle = value.object, let entries = bundle["entry"]?.array else { return answer }
            let asked = await questions(about: entries.compactMap { $0["resource"] })
            var formed: [JSONValue] = []
            for entry in entries {
                guard var object = entry.object, let resource = object["resource"],
                    resource["resourceType"]?.string == "Patient"
                else {
                    formed.append(entry)
                    continue
                }
                object["resource"] = form(resource, asked)
                formed.append(.object(object))
            }
            bundle["entry"] = .array(formed)
            value = .object(bundle)
        default: return answer
        }
        var answer = answer
        answer.body = value.serialised()
        return answer
    }

    /// Adds where the records of a bundle and their golden records are, each as a list.
    static func addPlaces(of results: [BundleResult], to answer: inout DoorAnswer) {
        var (places, goldens): ([JSONValue], [JSONValue]) = ([], [])
        for case .written(let result) in results {
            places.append(.string("Patient/\(result.id)"))
            if let golden = result.golden { goldens.append(.string("Patient/\(golden)")) }
        }
        answer.headers["location"] = String(decoding: JSONValue.array(places).serialised(), as: UTF8.self)
        answer.headers["locationcruid"] = String(decoding: JSONValue.array(goldens).serialised(), as: UTF8.self)
    }

    private func form(_ patient: JSONValue, _ asked: [RecordID: Set<String>]) -> JSONValue {
        guard var object = patient.object, let id = object["id"]?.string, let golden = golden(patient) else {
            return patient
        }
        var tags: [JSONValue] = []
        if id == golden {
            tags = [.object(["code": .string(Self.goldenTag), "display": .string("Golden Record")])]
        } else {
            let refers = JSONValue.object([
                "other": .object(["reference": .string("Patient/\(golden)")]), "type": .string("refer"),
            ])
            object["link"] = .array((object["link"]?.array ?? []).filter { $0["type"]?.string != "refer" } + [refers])
            if let record = RecordID(id) {
                tags = (asked[record] ?? []).sorted().map { code in
                    .object(["system": .string(Self.issues), "code": .string(code), "display": .string(code)])
                }
            }
        }
        guard !tags.isEmpty else { return .object(object) }
        var meta = object["meta"]?.object ?? JSONObject()
        meta["tag"] = .array((meta["tag"]?.array ?? []) + tags)
        object["meta"] = .object(meta)
        return .object(object)
    }

    private func golden(_ patient: JSONValue) -> String? {
        let system = call.configuration.goldenSystem
        for identifier in patient["identifier"]?.array ?? [] where identifier["system"]?.string == system {
            if identifier["use"]?.string != "old" { return identifier["value"]?.string }
        }
        return nil
    }

    /// What is asked about the records of Patients: doubtful pairs, and pairs that the weights join and something else
    /// keeps apart.
    private func questions(about patients: [JSONValue]) async -> [RecordID: Set<String>] {
        let records = patients.compactMap { patient -> RecordID? in
            guard patient["resourceType"]?.string == "Patient" else { return nil }
            return patient["id"]?.string.flatMap { RecordID($0) }
        }
        guard !records.isEmpty, let reviews = try? await call.registry.reviews(about: records) else { return [:] }
        var codes: [RecordID: Set<String>] = [:]
        for (record, items) in zip(records, reviews) {
            for item in items { codes[record, default: []].insert(OpenCRIssues.code(item.task)) }
        }
        return codes
    }
}

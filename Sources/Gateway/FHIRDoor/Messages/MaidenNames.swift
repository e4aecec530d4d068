internal import FHIR
internal import JSON

/// Mothers' maiden names that a message tells beside the child: as the name of the RelatedPerson that is its mother, or
/// of the Patient who is that person.
///
/// A search asks for them at the child (`mothersMaidenName`), where the message itself has none.
enum MaidenNames {
    /// Codes of a mother (HL7 v3 RoleCode).
    private static let mother: Set = ["MTH", "NMTH", "GESTM"]

    /// The Patients of a message with the maiden names that it tells of their mothers, by the numbers of their entries;
    /// those that need none are left out.
    static func told(in message: FeedMessage) -> [Int: [UInt8]] {
        let kept = message.entries.enumerated().filter { $0.element.method != .delete }
        let related = kept.filter { $0.element.type == "RelatedPerson" }
        // Nearly no message has one.
        guard !related.isEmpty else { return [:] }
        var patients: [Int: JSONObject] = [:]
        var numbers: [String: Int] = [:]
        for (number, entry) in kept where entry.type == "Patient" {
            guard let patient = object(entry) else { continue }
            patients[number] = patient
            for name in FeedPlan.names(of: entry) + identifiers(.object(patient)) { numbers[name] = number }
        }
        var told: [Int: [UInt8]] = [:]
        for (_, entry) in related {
            guard let person = object(entry), isMother(person), let whose = person["patient"] else { continue }
            let named = [whose["reference"]?.string] + [whose["identifier"].map(key)]
            guard let child = named.compactMap({ $0 }).compactMap({ numbers[$0] }).first, told[child] == nil,
                let patient = patients[child]
            else { continue }
            let names = Set(FeedPlan.names(of: entry))
            let own = identifiers(.object(person)).compactMap { numbers[$0] }.first { $0 != child }
            let linked = patients.keys.sorted().first { number in
                number != child && links(patients[number]).contains(where: names.contains)
            }
            let mother = (own ?? linked).flatMap { patients[$0] }
            guard let name = maidenName(person) ?? mother.flatMap(maidenName) else { continue }
            told[child] = with(name, patient)
        }
        return told
    }

    private static func object(_ entry: FeedMessage.Entry) -> JSONObject? {
        (try? JSONValue(parsing: entry.document.span.bytes, limits: JSONLimits(bytes: Patient.bytesMax)))?.object
    }

    private static func isMother(_ person: JSONObject) -> Bool {
        (person["relationship"]?.array ?? []).contains { relationship in
            (relationship["coding"]?.array ?? []).contains { mother.contains($0["code"]?.string ?? "") }
        }
    }

    private static func maidenName(_ person: JSONObject) -> String? {
        let names = person["name"]?.array ?? []
        return names.first { $0["use"]?.string == "maiden" && $0["family"]?.string?.isEmpty == false }?["family"]?
            .string
    }

    private static func identifiers(_ resource: JSONValue) -> [String] {
        (resource["identifier"]?.array ?? []).map(key)
    }

    private static func key(_ identifier: JSONValue) -> String {
        "\(identifier["system"]?.string ?? "")|\(identifier["value"]?.string ?? "")"
    }

    private static func links(_ patient: JSONObject?) -> [String] {
        (patient?["link"]?.array ?? []).compactMap { $0["other"]?["reference"]?.string }
    }

    /// The Patient with the extension that holds the name; `nil` where it has one.
    private static func with(_ name: String, _ patient: JSONObject) -> [UInt8]? {
        var extensions = patient["extension"]?.array ?? []
        guard !extensions.contains(where: { $0["url"]?.string == Patient.mothersMaidenNameURL }) else { return nil }
        extensions.append(["url": .string(Patient.mothersMaidenNameURL), "valueString": .string(name)])
        var patient = patient
        patient["extension"] = .array(extensions)
        return JSONValue.object(patient).serialised()
    }
}

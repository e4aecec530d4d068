internal import FHIR
internal import JSON

/// Leaves only some elements of a Patient (`_summary`, `_elements`), and says so with the tag SUBSETTED.
struct ElementFilter: Sendable {
    private let kept: Set<String>?
    private let dropped: Set<String>

    /// Elements of which every answer needs some.
    private static let always: Set = ["resourceType", "id", "meta"]
    /// Elements of Patient that FHIR R4 marks as belonging to a summary.
    private static let summary: Set = [
        "implicitRules", "identifier", "active", "name", "telecom", "gender", "birthDate", "deceasedBoolean",
        "deceasedDateTime", "address", "managingOrganization", "link",
    ]

    /// `nil` where whole resources are wanted.
    init?(_ options: SearchOptions) {
        switch options.summary {
        case .yes: (kept, dropped) = (Self.summary.union(Self.always), [])
        case .text: (kept, dropped) = (Self.always.union(["text", "link"]), [])
        case .data: (kept, dropped) = (nil, ["text"])
        case .no, .count:
            guard !options.elements.isEmpty else { return nil }
            let names = options.elements.map { $0.hasPrefix("Patient.") ? String($0.dropFirst("Patient.".count)) : $0 }
            // A choice is asked for by its stem.
            let choices = names.flatMap { name in
                name == "deceased" || name == "multipleBirth"
                    ? ["deceasedBoolean", "deceasedDateTime", "multipleBirthBoolean", "multipleBirthInteger"]
                        .filter { $0.hasPrefix(name) } : [name]
            }
            (kept, dropped) = (Self.always.union(choices), [])
        }
    }

    /// The Patient with what is left of it.
    func applied(to bytes: [UInt8]) throws(DoorFault) -> [UInt8] {
        do throws(JSONFault) {
            var scanner = try JSONScanner(bytes.span.bytes, limits: JSONLimits(bytes: Patient.bytesMax * 2))
            var writer = JSONWriter(capacity: bytes.count)
            writer.beginObject()
            try scanner.beginObject()
            while let key = try scanner.nextKey() {
                let name = scanner.text(key)
                let value = scanner.bytes(try scanner.skipValue())
                guard isKept(name) else { continue }
                writer.key(name)
                writer.raw(name == "meta" ? Self.tagged(value) : value)
            }
            writer.endObject()
            return writer.bytes
        } catch {
            throw DoorFault(500, .exception, "a resource of the answer cannot be read")
        }
    }

    private func isKept(_ name: String) -> Bool {
        // `_birthDate` goes with `birthDate`.
        let stem = name.hasPrefix("_") ? String(name.dropFirst()) : name
        return kept?.contains(stem) ?? !dropped.contains(stem)
    }

    private static func tagged(_ meta: [UInt8]) -> [UInt8] {
        guard let value = try? JSONValue(parsing: meta.span.bytes), var object = value.object else { return meta }
        let tag: JSONValue = [
            "system": "http://terminology.hl7.org/CodeSystem/v3-ObservationValue", "code": "SUBSETTED",
        ]
        object["tag"] = .array((object["tag"]?.array ?? []) + [tag])
        return JSONValue.object(object).serialised()
    }
}

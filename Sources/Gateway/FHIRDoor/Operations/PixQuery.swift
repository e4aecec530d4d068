internal import Authorities
internal import Coordinator
internal import FHIR
internal import Identifiers
internal import JSON
internal import Lookup
internal import PatientMapping

/// `GET Patient/$ihe-pix` (ITI-83): the other identifiers of the person whom an identifier names.
enum PixQuery {
    static let route = Route(
        "fhir.patient.ihe-pix",
        .fhir,
        "GET",
        FHIRDoor.base + "/Patient/$ihe-pix",
        access: .search("s", "ITI-83"),
        capability: .operation(
            "ihe-pix",
            definition: "https://profiles.ihe.net/ITI/PIXm/OperationDefinition/IHE.PIXm.pix"
        ),
        parameters: [
            RouteParameter("sourceIdentifier", "system|value", required: true),
            RouteParameter("targetSystem", "a domain of which identifiers are wanted; repeats"),
        ],
        "Finds the other identifiers of the person whom an identifier names.",
        answer: answer
    )

    static let postRoute = Route(
        "fhir.patient.ihe-pix-form",
        .fhir,
        "POST",
        FHIRDoor.base + "/Patient/$ihe-pix",
        access: .search("s", "ITI-83"),
        "The same with the parameters in a Parameters resource.",
        answer: answerParameters
    )

    private static func answer(_ call: DoorCall) async throws(DoorFault) -> DoorAnswer {
        let target = call.request.target
        return try await answer(
            call,
            sources: target.values("sourceIdentifier"),
            targets: target.values("targetSystem")
        )
    }

    private static func answerParameters(_ call: DoorCall) async throws(DoorFault) -> DoorAnswer {
        let parameters: Parameters
        let body = call.request.body
        do throws(FHIRError) {
            parameters = try Parameters(decoding: body.span.bytes)
        } catch {
            throw DoorFault(error)
        }
        func texts(_ name: String) throws(DoorFault) -> [String] {
            var texts: [String] = []
            for parameter in parameters.all(name) {
                guard let text = parameter.value?.string else { throw .invalid("must be a string", at: name) }
                texts.append(text)
            }
            return texts
        }
        return try await answer(call, sources: try texts("sourceIdentifier"), targets: try texts("targetSystem"))
    }

    private static func answer(
        _ call: DoorCall,
        sources: [String],
        targets: [String]
    ) async throws(DoorFault) -> DoorAnswer {
        let place = "sourceIdentifier"
        guard let text = sources.first, !text.isEmpty else {
            throw DoorFault(400, .required, "sourceIdentifier is needed: system|value", at: place)
        }
        guard sources.count == 1 else { throw .invalid("sourceIdentifier may be given once", at: place) }
        // The value may hold a bar itself: the first one parts system and value.
        guard let bar = text.firstIndex(of: "|"), bar > text.startIndex, text.index(after: bar) < text.endIndex else {
            throw .invalid("sourceIdentifier must be system|value, neither of them empty", at: place)
        }
        let authorities = call.configuration.identifiers.authorities
        let system = String(text[..<bar])
        let source = RecordKey(
            source: authorities.canonical(system),
            value: String(text[text.index(after: bar)...])
        )
        guard try await isKnown(source.source, call) else {
            throw DoorFault(400, .codeInvalid, "sourceIdentifier Assigning Authority not found", at: place)
        }
        let wanted = targets.flatMap { $0.split(separator: ",").map(String.init) }.map(authorities.canonical)
        for target in wanted where try await !isKnown(target, call) {
            throw DoorFault(403, .codeInvalid, "targetSystem not found", at: "targetSystem")
        }
        let found = try await CrossReference(call).records(of: source)
        guard !found.isEmpty else {
            throw DoorFault(404, .notFound, "sourceIdentifier Patient Identifier not found", at: place)
        }
        return .resource(write(found, source, wanted, call))
    }

    /// Whether a system is a domain of identifiers, or the server whose logical ids are identifiers too.
    private static func isKnown(_ system: String, _ call: DoorCall) async throws(DoorFault) -> Bool {
        if system == call.fhirBase { return true }
        return try await Domains.isKnown(system, call)
    }

    private static func write(
        _ found: [StoredPatient],
        _ source: RecordKey,
        _ wanted: [String],
        _ call: DoorCall
    ) -> [UInt8] {
        let configuration = call.configuration
        var told: [RecordKey] = configuration.includesQueriedIdentifier ? [] : [source]
        var writer = JSONWriter(capacity: 1_024)
        writer.beginObject()
        writer.member("resourceType", "Parameters")
        var parameters = JSONWriter(capacity: 1_024)
        parameters.beginArray()
        var isEmpty = true
        for member in found {
            var identifiers = member.patient.identifiers
            // The golden identifier is a domain of its own, told where it is asked for.
            if wanted.contains(configuration.goldenSystem), let golden = member.record.golden {
                identifiers.append(Identifier(system: configuration.goldenSystem, value: golden.description))
            }
            for identifier in identifiers where !identifier.system.isEmpty && !identifier.value.isEmpty {
                let key = configuration.mapping.key(identifier)
                guard wanted.isEmpty || wanted.contains(key.source), !told.contains(key) else { continue }
                guard key.source != configuration.goldenSystem || wanted.contains(key.source) else { continue }
                told.append(key)
                isEmpty = false
                write(key, identifier.assigner, call, to: &parameters)
            }
        }
        for member in found {
            isEmpty = false
            parameters.beginObject()
            parameters.member("name", "targetId")
            parameters.key("valueReference")
            Reference(reference: "\(call.fhirBase)/Patient/\(member.record.id)").write(to: &parameters)
            parameters.endObject()
        }
        parameters.endArray()
        if !isEmpty {
            writer.key("parameter")
            writer.raw(parameters.bytes)
        }
        writer.endObject()
        return writer.bytes
    }

    private static func write(_ key: RecordKey, _ assigner: String, _ call: DoorCall, to writer: inout JSONWriter) {
        let authority = call.configuration.identifiers.authorities.find(system: key.source)
        let named = authority.map { $0.display.isEmpty ? $0.name : $0.display } ?? ""
        var identifier = Identifier(system: key.source, value: key.value)
        identifier.assigner = named.isEmpty ? assigner : named
        writer.beginObject()
        writer.member("name", "targetIdentifier")
        writer.key("valueIdentifier")
        identifier.write(to: &writer)
        writer.endObject()
    }
}

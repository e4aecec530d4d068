internal import Coordinator
internal import FHIR
internal import HL7Mapping
internal import HL7v2
internal import Identifiers
internal import Lookup
internal import PatientMapping

/// The question which identifiers a patient has elsewhere (ITI-9, QBP^Q23).
extension HL7Door {
    /// Most records that may carry one and the same identifier: more is a number that means nothing.
    private static let holdersLimit = 64

    /// Answers the question; what is wrong with it is part of the answer.
    func crossReference(_ request: HL7Request, _ writer: AnswerWriter) async throws(Refusal) -> Outcome {
        try await answer(request, writer, trigger: "K23", structure: "RSP_K23") { query throws(Refusal) in
            let asked = try await askedIdentifier(query)
            let domains = try await domains(query, 4, request)
            let identifiers = try await crossReferences(of: asked, in: domains)
            return identifiers.isEmpty ? [] : [answer(identifiers, writer)]
        }
    }

    /// The identifier of QPD-3.
    private func askedIdentifier(_ query: HL7Segment) async throws(Refusal) -> AssignedIdentifier {
        let asked = query.field(3).first
        var place = HL7Location("QPD", field: 3, repetition: 1, component: 1)
        guard !asked.text(1).isEmpty else {
            throw .content(HL7Error(.requiredField, at: place, "the identifier that is asked about is missing"))
        }
        let value = asked.text(1)
        guard let system = try await domain(asked, at: HL7Location("QPD", field: 3, repetition: 1)) else {
            place.component = 4
            if settings.profile == .openhie { (place.repetition, place.component) = (4, 1) }
            throw .content(HL7Error(.unknownKey, at: place, "the assigning authority is not known"))
        }
        return AssignedIdentifier(system: system, value: value, location: place)
    }

    /// The identifiers of the person that an identifier names.
    private func crossReferences(
        of asked: AssignedIdentifier,
        in domains: [String]
    ) async throws(Refusal) -> [PersonIdentifier] {
        let goldens = try await holders(of: asked)
        let people = try await people(goldens)
        guard !people.isEmpty else {
            throw .content(HL7Error(.unknownKey, at: asked.location, "the identifier is not known"))
        }
        var identifiers: [PersonIdentifier] = []
        for person in people {
            for identifier in person.identifiers where !identifiers.contains(identifier) {
                identifiers.append(identifier)
            }
        }
        if settings.profile == .ihe {
            identifiers.removeAll { $0.system == asked.system && $0.value == asked.value }
        }
        var order: [String] = domains
        if domains.isEmpty {
            for identifier in identifiers where !order.contains(identifier.system) { order.append(identifier.system) }
        }
        return order.flatMap { system in identifiers.filter { $0.system == system } }
    }

    /// The persons that have an identifier: as the name of a record, or told by a record of another domain.
    func holders(of asked: AssignedIdentifier) async throws(Refusal) -> [GoldenID] {
        if asked.system == settings.identifiers.goldenSystem { return GoldenID(asked.value).map { [$0] } ?? [] }
        let key = RecordKey(source: asked.system, value: asked.value)
        let stored = try await ask { (registry) async throws(RegistryError) in try await registry.record(key) }
        if let stored, !stored.deleted {
            // The old name of a patient means nothing any more, though others may quote it.
            guard !(try StoredPatient(stored).isSubsumed) else { return [] }
            return stored.golden.map { [$0] } ?? []
        }
        let hash = LookupKey.identifier(asked.value)
        let page = try await ask { (registry) async throws(RegistryError) in
            try await registry.lookup([hash], after: nil, limit: Self.holdersLimit)
        }
        var goldens: [GoldenID] = []
        for record in page.records {
            let patient = try StoredPatient(record)
            guard !patient.isSubsumed, patient.patient.identifiers.contains(where: { settings.mapping.key($0) == key }),
                let golden = record.golden, !goldens.contains(golden)
            else { continue }
            goldens.append(golden)
        }
        return goldens
    }

    private func answer(_ identifiers: [PersonIdentifier], _ writer: AnswerWriter) -> HL7Segment {
        let writing = PatientWriting(authorities: settings.identifiers.authorities)
        var pid = writer.segment("PID")
        pid.set(
            3,
            HL7Field(identifiers.map { writing.identifier(system: $0.system, value: $0.value, type: $0.type) })
        )
        // The profile wants a name there that says that none is told.
        pid.set(5, HL7Field([HL7Repetition(), HL7Repetition(texts: ["", "", "", "", "", "", "S"])]))
        return pid
    }
}

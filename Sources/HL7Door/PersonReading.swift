internal import Authorities
internal import Coordinator
internal import FHIR
internal import HL7Mapping
internal import HL7v2
internal import Identifiers
internal import PatientMapping

/// An identifier of a person, as answers tell it.
struct PersonIdentifier: Hashable {
    var system: String
    var value: String
    var type: String
}

/// A person with the Patients of its live records.
struct PersonRecords {
    var golden: GoldenID
    var members: [StoredPatient]
    let settings: HL7DoorSettings

    /// All identifiers, each once: those that name records first, in the order of the records.
    ///
    /// Without a domain an identifier says nothing to others; visits and accounts are no persons.
    var identifiers: [PersonIdentifier] {
        var result: [PersonIdentifier] = []
        var seen: Set<RecordKey> = []
        func add(_ key: RecordKey, _ type: String) {
            guard !key.source.isEmpty, key.source != settings.identifiers.goldenSystem else { return }
            if seen.insert(key).inserted {
                result.append(PersonIdentifier(system: key.source, value: key.value, type: type))
            }
        }
        for member in members { add(member.record.key, Self.type(of: member.record.key, in: member, settings)) }
        for member in members {
            for identifier in member.patient.identifiers where identifier.use != .old && Self.names(identifier) {
                add(settings.mapping.key(identifier), Self.told(identifier))
            }
        }
        if settings.tellsGolden {
            let system = settings.identifiers.goldenSystem
            result.append(PersonIdentifier(system: system, value: golden.description, type: ""))
        }
        return result
    }

    private static func type(of key: RecordKey, in member: StoredPatient, _ settings: HL7DoorSettings) -> String {
        member.patient.identifiers.first { settings.mapping.key($0) == key }.map(told) ?? ""
    }

    /// The type as its source told it: the mark of a national number that we add stands before it.
    private static func told(_ identifier: Identifier) -> String {
        identifier.type?.codings.last?.code ?? ""
    }

    private static func names(_ identifier: Identifier) -> Bool {
        !["AN", "VN"].contains(identifier.typeCode) && !identifier.value.isEmpty
    }
}

extension HL7Door {
    /// Reads persons by golden identifiers, in their order; those that are gone are left out.
    func people(_ goldens: [GoldenID]) async throws(Refusal) -> [PersonRecords] {
        var result: [PersonRecords] = []
        for golden in goldens {
            let view = try await ask { (registry) async throws(RegistryError) in try await registry.person(golden) }
            guard let view else { continue }
            var members: [StoredPatient] = []
            for record in view.members where !record.deleted {
                let patient = try StoredPatient(record)
                if !patient.isSubsumed { members.append(patient) }
            }
            guard !members.isEmpty else { continue }
            result.append(PersonRecords(golden: view.golden, members: members, settings: settings))
        }
        return result
    }

    /// The domains that a field names, in the order of its repetitions.
    ///
    /// - Throws: a refusal with one fault for each that is not known.
    func domains(_ query: HL7Segment, _ field: Int, _ request: HL7Request) async throws(Refusal) -> [String] {
        guard !query.isEmpty(field) else { return [] }
        var systems: [String] = []
        var faults: [HL7Error] = []
        for (index, repetition) in query.field(field).repetitions.enumerated() where !repetition.isEmpty {
            let place = HL7Location("QPD", field: field, repetition: index + 1)
            if let system = try await domain(repetition, at: place) {
                if !systems.contains(system) { systems.append(system) }
            } else {
                faults.append(HL7Error(.unknownKey, at: place, "the domain is not known"))
            }
        }
        guard faults.isEmpty else { throw Refusal(code: .error, faults: faults) }
        return systems
    }

    /// The preferred system of the domain in CX.4; `nil` where it is not known.
    func domain(_ repetition: HL7Repetition, at place: HL7Location) async throws(Refusal) -> String? {
        let authority: Authority
        do throws(HL7Error) {
            let reading = IdentifierReading(authorities: settings.identifiers.authorities)
            authority = try reading.domain(repetition, at: place)
        } catch {
            return nil
        }
        let system = authority.uri
        guard settings.identifiers.authorities.find(system: system) == nil,
            system != settings.identifiers.goldenSystem
        else { return system }
        // Where everything may be a domain, those are known that somebody has used.
        let isKnown = try await ask { (registry) async throws(RegistryError) in
            try await registry.knows(system: system)
        }
        return isKnown ? system : nil
    }
}

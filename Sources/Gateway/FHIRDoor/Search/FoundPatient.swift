internal import Coordinator
internal import FHIR
internal import Identifiers
internal import PatientMapping

/// A Patient that a search has found: the record that is answered, and what its person's other records add.
struct FoundPatient: Sendable {
    let stored: StoredPatient
    /// The person's other records.
    let companions: [StoredPatient]
    /// The record by which the person was found, where that is another one: pages go on after it.
    let place: RecordID

    /// The person as a whole, where it was asked for by its golden identifier as an id.
    var person: (view: PersonView, asked: GoldenID)?

    var record: StoredRecord { stored.record }
    var patient: Patient { stored.patient }

    /// The logical id of what is answered.
    var id: String { person?.asked.description ?? record.id.description }

    /// The Patient as it is answered: with the golden identifier and with the identifiers of the other records.
    ///
    /// - Parameters:
    ///   - domains: the systems to which the answer is restricted; empty: none.
    ///   - configuration: names and systems.
    /// - Returns: the resource.
    /// - Throws: a 500 where the stored bytes are no Patient any more.
    func bytes(_ domains: [String], _ configuration: GatewayConfiguration) throws(DoorFault) -> [UInt8] {
        if let person { return try PersonAnswer.bytes(person.view, asked: person.asked, configuration) }
        let instant = FHIRInstant(milliseconds: Int64(clamping: record.updated))
        var stamp = PatientStamp(
            id: record.id.description,
            meta: Meta(versionId: String(record.version), lastUpdated: instant.description)
        )
        if let golden = record.golden {
            stamp.identifiers = [Identifier(system: configuration.goldenSystem, value: golden.description)]
        }
        stamp.renamedSystems = configuration.aliases
        stamp.furtherIdentifiers = furtherIdentifiers(configuration)
        stamp.links = companions.map { other in
            let kind: PatientLink.Kind = other.patient.isSubsumed ? .replaces : .seealso
            return PatientLink(other: Reference(reference: "Patient/\(other.record.id)"), kind: kind)
        }.filter { link in
            // The source may have said so itself.
            !patient.links.contains { $0.kind == link.kind && $0.other.reference == link.other.reference }
        }
        if !domains.isEmpty { stamp.onlySystems = domains }
        do throws(FHIRError) {
            return try stamp.applied(to: record.document.span.bytes)
        } catch {
            throw DoorFault.unreadable(record.id)
        }
    }

    /// Identifiers of the person's other records; those of records that were replaced are told as old ones.
    private func furtherIdentifiers(_ configuration: GatewayConfiguration) -> [Identifier] {
        let mapping = configuration.mapping
        var known = Set(patient.identifiers.map(mapping.key))
        var further: [Identifier] = []
        let living = companions.filter { !$0.patient.isSubsumed }
        for other in living + companions.filter({ $0.patient.isSubsumed }) {
            for var identifier in other.patient.identifiers
            where !identifier.system.isEmpty && identifier.system != configuration.goldenSystem {
                let key = mapping.key(identifier)
                guard known.insert(key).inserted else { continue }
                identifier.system = key.source
                if other.patient.isSubsumed { identifier.use = .old }
                further.append(identifier)
            }
        }
        return further
    }
}

extension Patient {
    /// Whether another record has taken the place of this one.
    var isSubsumed: Bool { links.contains { $0.kind == .replacedBy } }
}

internal import Coordinator
internal import FHIR
internal import Identifiers
internal import Lookup
internal import PatientMapping

/// The records of the person whom an identifier names, whichever record it stands on.
struct CrossReference: Sendable {
    /// Most records that may bear one identifier: past it, it is a placeholder and names nobody.
    private static let bearerLimit = 64

    private let call: DoorCall

    init(_ call: DoorCall) {
        self.call = call
    }

    /// The living records that are one person with those that an identifier names.
    ///
    /// Those that were replaced are left out; empty where nobody has the identifier.
    func records(of source: RecordKey) async throws(DoorFault) -> [StoredPatient] {
        let bearers = try await bearers(of: source)
        let companions = try await call.ask { (registry) async throws(RegistryError) in
            try await registry.companions(of: bearers)
        }
        var all: [RecordID: StoredRecord] = [:]
        for record in bearers + companions.flatMap({ $0 }) { all[record.id] = record }
        var members: [StoredPatient] = []
        for record in all.values.sorted(by: { $0.id < $1.id }) {
            members.append(try StoredPatient(record))
        }
        let living = members.filter { !$0.patient.isSubsumed }
        // One that was replaced by a record that is gone stands for itself.
        return living.isEmpty ? members : living
    }

    /// The records that bear an identifier: as their own, as one among others, as a logical id or by the golden one.
    func bearers(of source: RecordKey) async throws(DoorFault) -> [StoredRecord] {
        if source.source == call.configuration.goldenSystem {
            guard let golden = GoldenID(source.value) else { return [] }
            return try await call.ask { (registry) async throws(RegistryError) in
                try await registry.person(golden)?.members ?? []
            }
        }
        if source.source == call.fhirBase {
            guard let id = source.value.split(separator: "/").last.flatMap({ RecordID($0) }) else { return [] }
            let found = try await call.ask { (registry) async throws(RegistryError) in try await registry.record(id: id)
            }
            return found.map { $0.deleted ? [] : [$0] } ?? []
        }
        let own = try await call.ask { (registry) async throws(RegistryError) in try await registry.record(source) }
        if let own, !own.deleted { return [own] }
        let keys = [LookupKey.identifier(source.value)]
        let page = try await call.ask { (registry) async throws(RegistryError) in
            try await registry.lookup(keys, after: nil, limit: Self.bearerLimit)
        }
        var bearers: [StoredRecord] = []
        for record in page.records {
            let patient = try StoredPatient(record).patient
            if patient.identifiers.contains(where: { call.configuration.mapping.key($0) == source }) {
                bearers.append(record)
            }
        }
        return bearers
    }
}

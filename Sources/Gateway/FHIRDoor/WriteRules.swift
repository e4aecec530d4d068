internal import Access
internal import Authorities
internal import Entrance
internal import FHIR
internal import Identifiers
internal import PatientMapping

/// What a write has to respect: how Patients become records, and who may assign identifiers where.
struct WriteRules: Sendable {
    let mapping: PatientMapping
    /// The client that writes.
    let client: String
    /// The sources of which it may write.
    let sources: SourceScope

    init(_ call: DoorCall) {
        sources = call.grant.writes
        mapping = call.configuration.mapping
        client = call.request.caller.name
    }

    private var authorities: AuthorityRegistry { mapping.settings.authorities }

    /// The identifier that names the record where authorities say so: the first one in a domain of the client's own.
    func key(of patient: Patient) -> RecordKey? {
        if case .listed = sources {
            // Of a client that may write some sources only, its record is the one of such a source.
            let own = patient.identifiers.first { identifier in
                !identifier.value.isEmpty && identifier.use != .old && sources.contains(mapping.key(identifier).source)
            }
            if let own { return mapping.key(own) }
        }
        guard !authorities.isEmpty else { return nil }
        let own = patient.identifiers.first { identifier in
            !identifier.value.isEmpty && identifier.use != .old && authorities.isAssigner(client, identifier.system)
        }
        return own.map(mapping.key)
    }

    /// Checks what no Patient may carry and whose identifiers it brings.
    ///
    /// - Throws: a 403 or a 422.
    func check(_ patient: Patient, _ key: RecordKey) throws(DoorFault) {
        if let modifier = patient.modifier {
            let detail = "a Patient with \(modifier) means something else than it says; this is not supported"
            throw DoorFault(422, .notSupported, detail, at: "Patient.\(modifier)")
        }
        try checkSource(key, place: "Patient.identifier")
        guard !authorities.isEmpty else { return }
        let index = patient.identifiers.firstIndex { mapping.key($0) == key } ?? 0
        try checkAssigner(key, place: "Patient.identifier[\(index)]")
        for (index, identifier) in patient.identifiers.enumerated() where identifier.use == .official {
            guard let authority = authorities.find(system: identifier.system), !authority.mayAssign(client) else {
                continue
            }
            guard !authority.isLenient else { continue }
            throw Self.forbidden(at: "Patient.identifier[\(index)]")
        }
    }

    private func checkSource(_ key: RecordKey, place: String) throws(DoorFault) {
        guard !sources.contains(key.source) else { return }
        throw DoorFault(403, .forbidden, "this client may not write records of this source", at: place)
    }

    /// Checks that the client may write records under a domain.
    ///
    /// - Throws: a 422 where nobody knows the domain, a 403 where it is another's.
    func checkAssigner(_ key: RecordKey, place: String) throws(DoorFault) {
        try checkSource(key, place: place)
        guard authorities.isAccepted(key.source) else {
            throw DoorFault(422, .codeInvalid, "no assigning authority has this system", at: "\(place).system")
        }
        guard !authorities.mayAssign(client, key.source), authorities.find(system: key.source)?.isLenient != true else {
            return
        }
        throw Self.forbidden(at: place)
    }

    private static func forbidden(at place: String) -> DoorFault {
        DoorFault(403, .forbidden, "this client may not assign identifiers of this authority", at: place)
    }
}

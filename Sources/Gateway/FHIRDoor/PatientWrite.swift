internal import Coordinator
internal import Demographics
internal import FHIR
internal import Identifiers
internal import PatientMapping

/// One write of a Patient, understood but not yet carried out: a request of its own, or an entry of a bundle.
struct PatientWrite: Sendable {
    /// What the client asked for.
    enum Interaction: Int, Sendable, Comparable {
        case delete = 0
        case create = 1
        case update = 2

        static func < (left: Interaction, right: Interaction) -> Bool { left.rawValue < right.rawValue }
    }

    let interaction: Interaction
    var submission: Submission
    /// The client wants nothing done where the record exists (`If-None-Exist`).
    var onlyIfNew = false

    var key: RecordKey { submission.record.key }

    /// What it needs, as a request of its own would.
    var access: RouteAccess {
        switch interaction {
        case .create: PatientCreate.route.access
        case .update: PatientUpdate.route.access
        case .delete: PatientDelete.route.access
        }
    }

    /// A create.
    ///
    /// The record's key is taken from the Patient's identifiers, or is the identifier of `If-None-Exist`.
    ///
    /// - Throws: a fault where body or condition cannot be used.
    static func create(
        _ document: [UInt8],
        ifNoneExist: String?,
        _ rules: WriteRules
    ) throws(DoorFault) -> PatientWrite {
        let patient = try decode(document)
        guard let condition = ifNoneExist else {
            return PatientWrite(interaction: .create, submission: try submission(patient, nil, document, rules))
        }
        let place = "If-None-Exist"
        let query = condition.split(separator: "?").last ?? ""
        let key = try IdentifierQuery.key(try RequestTarget.items(of: query), place: place, rules.mapping)
        try require(patient, toHold: key, place: place, rules)
        var write = PatientWrite(interaction: .create, submission: try submission(patient, key, document, rules))
        write.submission.mustBeNew = true
        write.onlyIfNew = true
        return write
    }

    /// An update of the record at an address: the Patient's identifier that has this address is the record's key.
    ///
    /// - Throws: a fault where the body cannot be used or belongs elsewhere.
    static func update(
        _ id: String,
        _ document: [UInt8],
        _ condition: WriteCondition,
        _ rules: WriteRules
    ) throws(DoorFault) -> PatientWrite {
        guard GoldenID(id) == nil else {
            throw .methodNotAllowed("PUT of a person (golden identifier)", allow: ["GET", "HEAD"])
        }
        guard let record = RecordID(id) else {
            throw DoorFault(
                405,
                .notSupported,
                "clients cannot choose ids: use POST, or PUT Patient?identifier=system|value"
            )
            .allowing(["GET", "HEAD"])
        }
        let patient = try decode(document)
        // The letters of an id may be written in either case; the identifier's own spelling is what is compared.
        guard let stated = RecordID(patient.id), stated == record else {
            throw .invalid("the id in the body must be that of the URL", at: "Patient.id")
        }
        let keys = patient.identifiers.map(rules.mapping.key)
        guard let key = keys.first(where: { !$0.source.isEmpty && !$0.value.isEmpty && $0.id == record }) else {
            let detail = "the identifier under which the record was created must be among the Patient's identifiers"
            throw DoorFault(422, .businessRule, detail, at: "Patient.identifier")
        }
        var write = PatientWrite(interaction: .update, submission: try submission(patient, key, document, rules))
        try condition.apply(to: &write.submission)
        return write
    }

    /// An update of the record that an identifier names; makes it where it is new.
    ///
    /// An `id` in the body that is not of our making is the source's own and without meaning here.
    ///
    /// - Throws: a fault where query or body cannot be used.
    static func conditionalUpdate(
        _ items: [RequestTarget.Item],
        _ document: [UInt8],
        _ condition: WriteCondition,
        _ rules: WriteRules
    ) throws(DoorFault) -> PatientWrite {
        let key = try IdentifierQuery.key(items, place: "identifier", rules.mapping)
        let patient = try decode(document)
        // The profile of the feed asks for both (ITI-104, 2:3.104.4.1.2.1).
        guard !patient.identifiers.isEmpty else {
            throw DoorFault(422, .required, "a Patient needs an identifier", at: "Patient.identifier")
        }
        guard !patient.names.isEmpty else {
            throw DoorFault(422, .required, "a Patient needs a name", at: "Patient.name")
        }
        try require(patient, toHold: key, place: "Patient.identifier", rules)
        if let stated = RecordID(patient.id), stated != key.id {
            throw .invalid("the id in the body is that of another record", at: "Patient.id")
        }
        var write = PatientWrite(interaction: .update, submission: try submission(patient, key, document, rules))
        try condition.apply(to: &write.submission)
        return write
    }

    /// A removal.
    static func delete(
        _ key: RecordKey,
        _ condition: WriteCondition,
        _ rules: WriteRules
    ) throws(DoorFault) -> PatientWrite {
        try rules.checkAssigner(key, place: "identifier")
        var submission = Submission(action: .delete, record: SourceRecord(key: key), document: [])
        submission.expectedVersion = try condition.ifMatch.map(EntityTag.expected)
        return PatientWrite(interaction: .delete, submission: submission)
    }

    private static func decode(_ document: [UInt8]) throws(DoorFault) -> Patient {
        do throws(FHIRError) {
            let patient = try Patient(decoding: document.span.bytes)
            try ElementCheck.check(document.span.bytes, "Patient")
            return patient
        } catch {
            // What is no Patient at all is not judged by what a Patient must be.
            if let header = try? ResourceHeader(decoding: document.span.bytes), header.resourceType != "Patient" {
                throw .invalid("expected a Patient, found another resourceType", at: "Patient.resourceType")
            }
            throw DoorFault(error)
        }
    }

    private static func submission(
        _ patient: Patient,
        _ key: RecordKey?,
        _ document: [UInt8],
        _ rules: WriteRules
    ) throws(DoorFault) -> Submission {
        do {
            var submission = Submission(
                record: try rules.mapping.record(from: patient, key: key ?? rules.key(of: patient)),
                document: document
            )
            try rules.check(patient, submission.record.key)
            submission.isReplaced = patient.isSubsumed
            return submission
        } catch let fault as DoorFault {
            throw fault
        } catch let error as FHIRError {
            throw DoorFault(error)
        } catch {
            throw DoorFault(500, .exception, "the Patient cannot be understood")
        }
    }

    private static func require(
        _ patient: Patient,
        toHold key: RecordKey,
        place: String,
        _ rules: WriteRules
    ) throws(DoorFault) {
        guard key.source != rules.mapping.settings.goldenSystem else {
            throw DoorFault(
                422,
                .businessRule,
                "golden identifiers name persons and are given by the registry",
                at: place
            )
        }
        guard patient.identifiers.contains(where: { rules.mapping.key($0) == key }) else {
            throw .invalid("the identifier of the condition must be among the Patient's identifiers", at: place)
        }
    }
}

internal import Coordinator
internal import FHIR
internal import Identifiers

/// What became of one write, before it is told in an answer of its own or in the entry of a bundle.
struct WriteResult: Sendable {
    var status: Int
    var id: RecordID
    var version: UInt32?
    var updated: UInt64?
    /// The golden identifier of its person.
    var golden: GoldenID?
    /// The Patient as it stands; `nil` after a removal, or where nobody wants it.
    var patient: [UInt8]?
    /// Whether it is kept for a steward, since it makes the record look like somebody else.
    var isHeld = false
    /// Keys that nobody answered for, where it was taken before it could be searched for.
    var unsearched: [MatchAnswer.UnsearchedKey]?

    /// Tells what became of a write.
    ///
    /// With `withPatient`, the Patient as it stands is told as well.
    ///
    /// - Throws: the fault where the write was not carried out.
    init(
        _ write: PatientWrite,
        _ outcome: SubmissionOutcome,
        withPatient: Bool,
        _ call: DoorCall
    ) async throws(DoorFault) {
        id = write.key.id
        switch outcome {
        case .stored(let stored):
            status = stored.created ? 201 : 200
            version = stored.version
            updated = stored.updated
            golden = stored.golden
            guard withPatient else { return }
            patient = try PatientAnswer.bytes(
                write.submission.document,
                id: stored.id,
                version: stored.version,
                updated: stored.updated,
                golden: stored.golden,
                call.configuration
            )
        case .held(let held):
            status = 202
            version = held.version
            isHeld = true
        case .waiting(let waiting):
            status = 202
            unsearched = waiting.unsearched
        case .removed(_, let version):
            status = 204
            self.version = version
        case .refused(.notFound) where write.interaction == .delete:
            // What is not there need not be removed: a repeated removal succeeds.
            status = 204
        case .refused(.alreadyExists) where write.onlyIfNew:
            let key = write.key
            let found = try await call.ask { (registry) async throws(RegistryError) in try await registry.record(key) }
            guard let record = found, !record.deleted else {
                throw DoorFault(409, .conflict, "the record was removed at the same moment; send the request again")
            }
            status = 200
            version = record.version
            updated = record.updated
            golden = record.golden
            if withPatient { patient = try PatientAnswer.bytes(record, call.configuration) }
        case .refused(let refusal): throw DoorFault(refusal)
        case .unavailable(let reason, let seconds): throw .busy(reason, after: seconds)
        }
    }

    /// What is said of an update that is held.
    private static let held = OperationOutcome(
        .warning,
        .businessRule,
        "the update makes the record look like somebody else: it is kept for a data steward, the record stays as it was"
    )

    /// What is said of a record that is not searched for yet.
    private static func waiting(_ keys: [MatchAnswer.UnsearchedKey]) -> OperationOutcome {
        let named = keys.map { "\($0.rule) (slot \($0.slot), \($0.shard))" }.joined(separator: ", ")
        return OperationOutcome(
            .warning,
            .incomplete,
            "the record is kept and not linked yet: a part of the registry does not answer, and it is searched for as "
                + "soon as it does",
            diagnostics: named.isEmpty ? "its own keys could be searched" : "not searched: \(named)"
        )
    }

    /// Where the version can be read, relative to the base.
    var location: String? {
        if unsearched != nil { return "Patient/\(id)" }
        return version.map { "Patient/\(id)/_history/\($0)" }
    }

    /// What happened, in words.
    var outcome: OperationOutcome {
        if isHeld { return Self.held }
        if let unsearched { return Self.waiting(unsearched) }
        let text =
            switch status {
            case 201: "created"
            case 204: "deleted"
            default: "stored"
            }
        return OperationOutcome(.information, .informational, text)
    }

    /// The answer to a request of its own.
    func answer(_ call: DoorCall) -> DoorAnswer {
        let preference = ReturnPreference(call.request) ?? .representation
        var answer = DoorAnswer(status: status)
        if preference == .operationOutcome || isHeld || unsearched != nil {
            // 204 cannot carry a body.
            answer = .resource(outcome.encoded(), status: status == 204 ? 200 : status)
        } else if preference == .representation, let patient {
            answer = .resource(patient, status: status)
        }
        if status != 204, let location { answer.headers["location"] = "\(call.fhirBase)/\(location)" }
        if call.configuration.speaksOpenCR, let golden { answer.headers["locationcruid"] = "Patient/\(golden)" }
        if unsearched != nil { answer.headers[PatientAnswer.unsearchedField] = "true" }
        if let version { answer.headers["etag"] = EntityTag.text(version) }
        if let updated { answer.headers["last-modified"] = HTTPDate.text(milliseconds: updated) }
        return answer
    }

    /// The part of a bundle's entry that tells it.
    var response: BundleResponse {
        BundleResponse(
            status: "\(status) \(StatusText.phrase(status))",
            location: status == 204 ? "" : location ?? "",
            etag: version.map(EntityTag.text) ?? "",
            lastModified: updated.map { FHIRInstant(milliseconds: Int64(clamping: $0)).description } ?? "",
            outcome: isHeld || unsearched != nil ? outcome : nil
        )
    }
}

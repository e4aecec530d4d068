internal import Entrance
internal import FHIR

/// What became of one entry of a bundle.
enum BundleResult: Sendable {
    case written(WriteResult)
    case answered(DoorAnswer)
    case fault(DoorFault)

    /// Answers an entry that writes nothing, like a request of its own.
    init(answering request: DoorRequest, _ call: DoorCall) async {
        do throws(DoorFault) {
            switch call.services.routes.find(request.method, request.target.segments) {
            case .nothing: throw .notFound("there is nothing at this address")
            case .otherMethods(let allowed): throw .methodNotAllowed(request.method, allow: allowed)
            case .route(let route, let path):
                self = try await Self.answered(request, route, path, call)
            }
        } catch {
            self = .fault(error)
        }
    }

    /// An entry is remembered like a request of its own.
    private static func answered(
        _ request: DoorRequest,
        _ route: Route,
        _ path: [String],
        _ call: DoorCall
    ) async throws(DoorFault) -> BundleResult {
        let notes = AccessNotes()
        let record = RequestRecord(route: route, request: request, notes: notes)
        let answer: DoorAnswer
        do throws(DoorFault) {
            try Admission.require(route.access.need, of: request)
            answer = try await route.answer(
                DoorCall(services: call.services, request: request, path: path, notes: notes)
            )
        } catch {
            throw await record.leave(error.status, error.detail, call.services) ?? error
        }
        if let fault = await record.leave(answer.status, "", call.services) { throw fault }
        return .answered(answer)
    }

    /// Why it was not carried out.
    var fault: DoorFault? {
        guard case .fault(let fault) = self else { return nil }
        return fault
    }

    var isWritten: Bool {
        guard case .written = self else { return false }
        return true
    }

    /// The resource that is answered.
    var resource: [UInt8]? {
        switch self {
        case .written(let result): result.patient
        case .answered(let answer): answer.body.isEmpty ? nil : answer.body
        case .fault: nil
        }
    }

    /// Status and what goes with it.
    var response: BundleResponse {
        switch self {
        case .written(let result): return result.response
        case .answered(let answer):
            return BundleResponse(
                status: "\(answer.status) \(StatusText.phrase(answer.status))",
                location: answer.headers["location"] ?? "",
                etag: answer.headers["etag"] ?? ""
            )
        case .fault(let fault):
            let status = "\(fault.status) \(StatusText.phrase(fault.status))"
            return BundleResponse(status: status, outcome: fault.outcome)
        }
    }
}

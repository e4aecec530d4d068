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
                _ = try Authorisation.admit(request.caller, to: route)
                self = .answered(
                    try await route.answer(DoorCall(services: call.services, request: request, path: path))
                )
            }
        } catch {
            self = .fault(error)
        }
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

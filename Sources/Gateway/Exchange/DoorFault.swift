internal import Coordinator
internal import Entrance
internal import FHIR
internal import Identifiers
internal import JSON

/// Why a request was not carried out, told in a form that each door can write in its own way.
///
/// It never holds a value of a patient.
struct DoorFault: Error, Sendable, Hashable {
    /// The HTTP status.
    var status: Int
    /// The kind of fault.
    var code: IssueCode
    /// What was wrong and what would be right.
    var detail: String
    /// The element at fault as a FHIRPath; empty where none is.
    var expression = ""
    /// Line and column in the body; empty where no single place is at fault.
    var place = ""
    /// Seconds after which the same request may succeed.
    var retryAfter: Int?
    /// How grave it is; profiles ask for a warning here and there.
    var severity = OperationOutcome.Issue.Severity.error
    /// What would be right to show, for a 401 or 403 (RFC 6750).
    var challenge: String?
    /// The methods that would be allowed, for a 405.
    var allow: [String] = []

    init(_ status: Int, _ code: IssueCode, _ detail: String, at expression: String = "") {
        self.status = status
        self.code = code
        self.detail = detail
        self.expression = expression
    }

    /// 400: the request is not what it should be.
    static func invalid(_ detail: String, at expression: String = "") -> DoorFault {
        DoorFault(400, .invalid, detail, at: expression)
    }

    /// 500: what is stored of a record is not what it was when it was taken.
    static func unreadable(_ record: RecordID) -> DoorFault {
        DoorFault(500, .exception, "the stored document of record \(record) cannot be read")
    }

    /// 404: there is no such thing.
    static func notFound(_ detail: String) -> DoorFault { DoorFault(404, .notFound, detail) }

    /// 503, or 429: come back later.
    static func busy(_ detail: String, after seconds: Int, status: Int = 503) -> DoorFault {
        var fault = DoorFault(status, status == 429 ? .throttled : .transient, detail)
        fault.retryAfter = max(1, seconds)
        return fault
    }

    /// 405, with what is allowed.
    static func methodNotAllowed(_ method: String, allow: [String]) -> DoorFault {
        let allowed = allow.joined(separator: ", ")
        var fault = DoorFault(405, .notSupported, "\(method) is not supported here; supported: \(allowed)")
        fault.allow = allow
        return fault
    }
}

extension DoorFault {
    /// Detail and place in one line.
    var message: String { place.isEmpty ? detail : "\(detail) (\(place))" }

    /// The fault in the words of FHIR.
    var outcome: OperationOutcome {
        OperationOutcome(
            severity,
            code,
            detail,
            diagnostics: message,
            expression: expression.isEmpty ? [] : [expression]
        )
    }

    /// The same fault where line and column would count from the wrong text.
    var withoutPlace: DoorFault {
        var fault = self
        fault.place = ""
        return fault
    }

    /// The same fault with the methods that would be allowed.
    func allowing(_ methods: [String]) -> DoorFault {
        var fault = self
        fault.allow = methods
        return fault
    }

    /// The same fault seen from a resource that contains the one at fault, without its place in the smaller text.
    func within(_ container: String) -> DoorFault {
        var fault = withoutPlace
        let dot = expression.firstIndex(of: ".")
        fault.expression = dot.map { container + expression[$0...] } ?? container
        return fault
    }
}

extension DoorFault {
    /// A body that does not decode: 400 where it cannot be read at all, 422 where its content is at fault.
    init(_ error: FHIRError) {
        let isSyntax = [.structure, .invalid, .tooLong].contains(error.code)
        self.init(isSyntax ? 400 : 422, error.code, error.reason, at: error.expression)
        if error.line > 0 { place = "line \(error.line), column \(error.column)" }
    }

    /// A body that is not JSON.
    init(_ error: JSONError) {
        self.init(400, .structure, error.problem.description, at: error.location.path)
        place = "line \(error.location.line), column \(error.location.column)"
    }

    /// A question that the registry could not answer.
    init(_ error: RegistryError) {
        switch error {
        case .unavailable(let reason, let seconds): self = .busy(reason, after: seconds)
        case .corrupt(let detail): self.init(500, .exception, "a stored row is damaged: \(detail)")
        case .invalid(let detail): self.init(422, .processing, detail)
        }
    }

    /// Somebody was turned away.
    init(_ refusal: EntranceRefusal) {
        switch refusal.kind {
        case .unauthenticated: self.init(401, .login, refusal.detail)
        case .forbidden: self.init(403, .forbidden, refusal.detail)
        case .throttled(let seconds): self = .busy(refusal.detail, after: seconds, status: 429)
        }
        guard refusal.kind == .unauthenticated || !refusal.challenge.isEmpty else { return }
        let error =
            refusal.challenge.isEmpty ? "" : ", error=\"\(refusal.challenge)\", error_description=\"\(refusal.detail)\""
        challenge = "Bearer realm=\"tessera\"" + error
    }

    /// A write that was refused.
    init(_ refusal: SubmissionOutcome.Refusal) {
        switch refusal {
        case .versionConflict(let current):
            let found = current == 0 ? "there is no such record" : "the current version is \(current)"
            self.init(412, .conflict, "the record has changed: \(found)", at: "If-Match")
        case .notFound: self = .notFound("there is no such record")
        case .replaced:
            let detail = "another record took the place of this one; that cannot be taken back here"
            self.init(422, .businessRule, detail, at: "Patient.link")
        case .alreadyExists: self.init(412, .duplicate, "the record exists already", at: "If-None-Match")
        case .addressCollision:
            let detail = "another record has the same address; this one cannot be stored"
            self.init(409, .conflict, detail, at: "Patient.identifier")
        case .forbidden:
            self.init(403, .forbidden, "this client may not write records of this source", at: "Patient.identifier")
        }
    }
}

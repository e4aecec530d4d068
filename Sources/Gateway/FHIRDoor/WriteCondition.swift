internal import Coordinator

/// The conditions that a client puts on a write: `If-Match`, `If-None-Match`.
struct WriteCondition: Sendable, Hashable {
    /// The version that must be the current one.
    var ifMatch: String?
    /// `*`: there must be no such record.
    var ifNoneMatch: String?

    /// No condition.
    init() {}

    /// The conditions of a request.
    init(_ request: DoorRequest) {
        ifMatch = request.headers["if-match"]
        ifNoneMatch = request.headers["if-none-match"]
    }

    /// Lays the conditions on a submission.
    ///
    /// - Throws: a 400 where one cannot be understood.
    func apply(to submission: inout Submission) throws(DoorFault) {
        submission.expectedVersion = try ifMatch.map(EntityTag.expected)
        guard let ifNoneMatch else { return }
        guard ContentNegotiation.trimmed(ifNoneMatch[...]) == "*" else {
            throw .invalid("If-None-Match of a write must be *", at: "If-None-Match")
        }
        submission.mustBeNew = true
    }
}

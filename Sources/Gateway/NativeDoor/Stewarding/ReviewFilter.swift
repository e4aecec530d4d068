internal import PatientMapping
internal import Authorities
internal import Coordinator
internal import Identifiers
internal import Identity

/// Which questions a steward wants to see.
struct ReviewFilter: Sendable {
    /// What stands for questions that nobody has taken.
    static let nobody = "nobody"

    private let reasons: Set<String>
    private let minHarm: UInt16
    private let record: RecordID?
    private let source: String?
    private let golden: GoldenID?
    private let assignee: String?

    init(_ call: DoorCall) async throws(DoorFault) {
        let target = call.request.target
        reasons = Set((target["reason"] ?? "").split(separator: ",").map(String.init))
        let known = ReviewTask.Reason.words.union([ReviewQuestion.overlay])
        if let wrong = reasons.subtracting(known).min() {
            throw .invalid("\(wrong) is none of \(known.sorted().joined(separator: ", "))", at: "reason")
        }
        if let text = target["minHarm"] {
            guard let harm = UInt16(text), harm <= 1_000 else { throw .invalid("must be 0 to 1000", at: "minHarm") }
            minHarm = harm
        } else {
            minHarm = 0
        }
        record =
            target["record"] == nil
            ? nil : try await RecordNames.key(target["record"], parameter: "record", in: call).id
        source = target["source"].map { call.configuration.identifiers.authorities.canonical($0) }
        if let text = target["golden"] {
            guard let asked = GoldenID(text) else { throw .invalid("not a golden identifier", at: "golden") }
            let person = try await call.ask { (registry) async throws(RegistryError) in
                try await registry.person(asked)
            }
            golden = person?.golden ?? asked
        } else {
            golden = nil
        }
        assignee = target["assignee"]
    }

    /// Whether records or claims have to be looked at to tell.
    var isNarrow: Bool { source != nil || golden != nil || assignee != nil }

    /// What the question itself tells.
    func mayPass(_ question: ReviewQuestion) -> Bool {
        question.place.harm >= minHarm && (reasons.isEmpty || reasons.contains(question.reason))
            && (record.map(question.records.contains) ?? true)
    }

    /// What its records and its claim tell.
    func passes(_ shown: ReviewShown) -> Bool {
        if let source, !shown.records.contains(where: { $0?.key.source == source }) { return false }
        if let golden, !shown.records.contains(where: { $0?.golden == golden }) { return false }
        guard let assignee else { return true }
        return assignee == Self.nobody ? shown.claim == nil : shown.claim?.assignee == assignee
    }
}

extension ReviewTask.Reason {
    /// Every reason in the words of the interface.
    static var words: Set<String> {
        let guards = GuardReason.allCases.map { ReviewTask.Reason.guardForbade($0) }
        let others: [ReviewTask.Reason] = [
            .weightInReviewBand, .componentTooLarge, .decisionConflict, .othersDisagree,
        ]
        let all = others + guards
        return Set(all.map(\.word))
    }
}

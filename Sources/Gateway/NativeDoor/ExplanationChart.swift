internal import Charts
internal import Coordinator
internal import Identifiers
internal import Identity
internal import Matching

/// The waterfall of one pair as a picture.
enum ExplanationChart {
    /// Draws an explanation.
    static func waterfall(_ answer: ExplainAnswer) -> WaterfallChart {
        let explanation = answer.explanation
        let decisive = explanation.alternatives.indices.contains(explanation.decisive) ? explanation.decisive : 0
        let against = explanation.alternatives[decisive]
        var steps = [WaterfallChart.Step(name: "before", value: against.prior.bits)]
        for field in explanation.fields {
            let frequency = field.frequency == .zero ? "" : ", frequency \(field.frequency)"
            steps.append(
                WaterfallChart.Step(
                    name: words(field.field.name),
                    reason: words(field.level?.name ?? "missing") + frequency,
                    value: field.level == nil ? nil : field.weights[decisive].bits,
                    detail: values(field)
                )
            )
        }
        let names = [answer.first, answer.second].map { "\($0.key.source)|\($0.key.value)" }
        return WaterfallChart(
            title: "\(names[0]) and \(names[1]): \(answer.samePerson ? "one person" : "two persons")",
            subtitle: "\(explanation.total) bits against \(words(against.name)): \(verdict(explanation))",
            steps: steps,
            marks: [(explanation.matchThreshold.bits, "match")],
            notes: notes(answer)
        )
    }

    private static func verdict(_ explanation: Explanation) -> String {
        switch explanation.outcome {
        case .match: "a match, which needs \(explanation.matchThreshold)"
        case .review: "for a steward to decide; a match needs \(explanation.matchThreshold)"
        case .no: "no match, which needs \(explanation.matchThreshold)"
        }
    }

    private static func notes(_ answer: ExplainAnswer) -> [String] {
        let explanation = answer.explanation
        let keys = explanation.sharedRules.map { $0.parts.map(\.rawValue).joined(separator: "+") }
        var notes = [keys.isEmpty ? "no key in common" : "found by " + keys.joined(separator: ", ")]
        if !explanation.nearest.isEmpty {
            let changes = explanation.nearest.map { "\(words($0.field.name)) \(words($0.level.name))" }
            notes.append("nearest missing evidence: " + changes.joined(separator: " and "))
        }
        if let standing = answer.standing { notes += self.notes(standing) }
        return notes + ["rules \(answer.rules)"]
    }

    private static func notes(_ standing: PairStanding) -> [String] {
        var notes: [String] = []
        switch standing.cause {
        case .decision(let decision), .decisionOnOthers(let decision):
            notes.append(decision.kind == .mustLink ? "a steward joined them" : "a steward keeps them apart")
        case .chain(let between): notes.append("joined through \(between.count) other records")
        case .guarded(let reason, _): notes.append("kept apart by a guard: \(reason.name)")
        case .edge, .nothing: break
        }
        let sizes = [standing.firstPerson.count, standing.secondPerson.count]
        if standing.firstPerson == standing.secondPerson {
            notes.append("their person has \(sizes[0]) records")
        } else {
            notes.append("their persons have \(sizes[0]) and \(sizes[1]) records")
        }
        return notes
    }

    private static func values(_ field: Explanation.Field) -> String {
        if field.left == field.right { return field.left }
        return "\(field.left.isEmpty ? "-" : field.left) | \(field.right.isEmpty ? "-" : field.right)"
    }

    private static func words(_ name: String) -> String { String(name.map { $0 == "_" ? " " : $0 }) }
}

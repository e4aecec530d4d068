internal import Identifiers
internal import JSON
internal import Matching

/// The arithmetic of a score as the native interface tells it.
extension JSONWriter {
    /// Weights in bits, field by field, for each alternative; what found the pair, and what would be missing for a match.
    mutating func explanation(_ explanation: Explanation) {
        beginObject()
        member("outcome", explanation.outcome.rawValue)
        member("weight", bits: explanation.total)
        member("matchThreshold", bits: explanation.matchThreshold)
        if let decision = explanation.decision {
            key("decision")
            beginObject()
            member("rule", decision.name)
            member("action", decision.action.rawValue)
            endObject()
        }
        if let columns = explanation.columns { self.columns(columns) }
        key("alternatives")
        beginArray()
        for (index, alternative) in explanation.alternatives.enumerated() {
            beginObject()
            member("name", alternative.name)
            member("prior", bits: alternative.prior)
            member("total", bits: alternative.total)
            member("decisive", flag: index == explanation.decisive)
            endObject()
        }
        endArray()
        key("fields")
        beginArray()
        for field in explanation.fields { self.field(field, decisive: explanation.decisive) }
        endArray()
        key("foundBy")
        beginArray()
        for rule in explanation.sharedRules { string(rule.parts.map(\.rawValue).joined(separator: "+")) }
        endArray()
        key("wouldSuffice")
        missing(explanation.missing)
        if explanation.outcome != .match {
            key("shortfall")
            double(explanation.matchThreshold.bits - explanation.total.bits)
            key("nearest")
            missing(explanation.nearest)
        }
        endObject()
    }

    /// What a model of another system made of the pair: bits, or points and the rule that counted.
    private mutating func columns(_ outcome: ColumnScorer.Outcome) {
        key("model")
        beginObject()
        if let rule = outcome.rule { member("rule", rule) }
        if let decision = outcome.decision { member("decision", decision.rawValue) }
        if outcome.sum.isFinite {
            key("sum")
            double(outcome.sum)
        }
        key("comparisons")
        beginArray()
        for part in outcome.parts {
            beginObject()
            member("name", part.name)
            member("level", part.level)
            key("weight")
            double(part.bits)
            endObject()
        }
        endArray()
        endObject()
    }

    private mutating func missing(_ changes: [Explanation.Missing]) {
        beginArray()
        for change in changes {
            beginObject()
            member("field", change.field.name)
            member("level", change.level.name)
            endObject()
        }
        endArray()
    }

    private mutating func field(_ field: Explanation.Field, decisive: Int) {
        beginObject()
        member("field", field.field.name)
        member("level", field.level?.name ?? "missing")
        // The weight that counts is that of the alternative which explains the pair best.
        if field.weights.indices.contains(decisive) { member("weight", bits: field.weights[decisive]) }
        if field.frequency != .zero { member("frequency", bits: field.frequency) }
        key("weights")
        beginArray()
        for weight in field.weights { double(weight.bits) }
        endArray()
        member("a", field.left)
        member("b", field.right)
        endObject()
    }

    private mutating func member(_ name: String, bits weight: MatchWeight) {
        key(name)
        double(weight.bits)
    }
}

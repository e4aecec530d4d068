internal import Coordinator
internal import Identifiers
internal import Identity
internal import JSON

/// What a decision would do, as stewards read it.
struct PlanAnswer {
    private let call: DoorCall
    private var texts: RecordTexts

    init(_ call: DoorCall) {
        self.call = call
        texts = RecordTexts(call)
    }

    /// The answer; without a plan the decision changes no person.
    func answer(_ plan: StewardPlan?) async throws(DoorFault) -> DoorAnswer {
        var (writer, texts) = (JSONWriter(capacity: 4_096), self.texts)
        writer.beginObject()
        writer.member("preview", flag: true)
        if let plan {
            try await texts.find(plan.verdicts.flatMap { [$0.pair.a, $0.pair.b] })
            try await texts.find(plan.effects.flatMap { $0.before + $0.after })
            writer.member("effect", RecordID(plan.digest).description)
            let from = call.configuration.fourEyesFrom
            writer.member("needsSecondSteward", flag: from > 0 && plan.largestMerge >= from)
            Self.write(plan.verdicts, texts, to: &writer)
            write(plan, texts, to: &writer)
        }
        writer.endObject()
        return .json(writer.bytes)
    }

    private func write(_ plan: StewardPlan, _ texts: RecordTexts, to writer: inout JSONWriter) {
        let minted = Dictionary(uniqueKeysWithValues: plan.resolution.minted.enumerated().map { ($1, $0 + 1) })
        func name(_ golden: GoldenID) -> String { minted[golden].map { "new-\($0)" } ?? golden.description }
        writer.key("persons")
        writer.beginArray()
        for effect in plan.effects {
            writer.beginObject()
            writer.member("golden", name(effect.golden))
            writer.member("becomes", effect.word)
            for (key, records) in [("before", effect.before), ("after", effect.after)] {
                writer.key(key)
                writer.beginArray()
                for record in records { writer.string(texts[record]) }
                writer.endArray()
            }
            writer.endObject()
        }
        writer.endArray()
        writer.key("redirects")
        writer.beginArray()
        for effect in plan.effects where effect.redirectedTo != effect.redirectsTo {
            writer.beginObject()
            writer.member("golden", name(effect.golden))
            if let from = effect.redirectedTo { writer.member("from", name(from)) }
            if let to = effect.redirectsTo { writer.member("to", name(to)) }
            writer.endObject()
        }
        writer.endArray()
    }

    /// Writes what is decided about pairs, and what was before.
    static func write(_ verdicts: [StewardVerdict], _ texts: RecordTexts, to writer: inout JSONWriter) {
        writer.key("pairs")
        writer.beginArray()
        for verdict in verdicts {
            writer.beginObject()
            writer.member("a", texts[verdict.pair.a])
            writer.member("b", texts[verdict.pair.b])
            if let before = verdict.before { writer.member("before", before.kind.word) }
            if let after = verdict.after { writer.member("after", after.kind.word) }
            writer.endObject()
        }
        writer.endArray()
    }
}

extension StewardDecision.Kind {
    /// The kind in the words of the interface.
    var word: String { self == .mustLink ? "link" : "never" }
}

extension StewardPlan.Effect {
    /// What becomes of the person, in one word.
    var word: String {
        if isNew { return "new" }
        if after.isEmpty { return redirectsTo == nil ? "retired" : "redirected" }
        if before.isEmpty { return "back" }
        return before == after ? "unchanged" : "changed"
    }
}

internal import Coordinator
internal import Identifiers
internal import Identity
internal import JSON

/// What joined two records or keeps them apart, as the native interface tells it.
extension JSONWriter {
    /// The cause, what a guard says about the two records, and the records of both persons.
    mutating func standing(_ standing: PairStanding, names: [RecordID: RecordKey]) {
        beginObject()
        member("cause", standing.cause.word)
        switch standing.cause {
        case .decision(let decision): members(decision)
        case .decisionOnOthers(let decision):
            members(decision)
            records("between", [decision.pair.a, decision.pair.b], names)
        case .edge(let weight):
            key("weight")
            double(weight.bits)
        case .chain(let between): records("through", between, names)
        case .guarded(let reason, let pair):
            member("guard", reason.name)
            records("between", [pair.a, pair.b], names)
        case .nothing: break
        }
        if let objection = standing.objection { member("objection", objection.name) }
        records("personOfA", standing.firstPerson, names)
        records("personOfB", standing.secondPerson, names)
        endObject()
    }

    private mutating func members(_ decision: StewardDecision) {
        member("decision", decision.kind == .mustLink ? "must-link" : "cannot-link")
        if !decision.by.isEmpty { member("by", decision.by) }
        if !decision.comment.isEmpty { member("comment", decision.comment) }
    }

    private mutating func records(_ name: String, _ ids: [RecordID], _ names: [RecordID: RecordKey]) {
        key(name)
        beginArray()
        for id in ids {
            if let key = names[id] {
                string("\(key.source)|\(key.value)")
            } else {
                string(id.description)
            }
        }
        endArray()
    }
}

extension PairStanding.Cause {
    /// The cause in one word of the interface.
    var word: String {
        switch self {
        case .decision: "decision"
        case .edge: "edge"
        case .chain: "chain"
        case .guarded: "guard"
        case .decisionOnOthers: "decision-on-others"
        case .nothing: "nothing"
        }
    }
}

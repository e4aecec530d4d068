internal import Coordinator
internal import Identifiers
internal import Identity
internal import JSON

/// A decision as the book of rulings tells it.
struct RulingAnswer {
    private let call: DoorCall

    init(_ call: DoorCall) { self.call = call }

    /// The answer to whoever ruled: 202 while a second steward has to agree.
    func answer(_ ruling: Ruling) async throws(DoorFault) -> DoorAnswer {
        var writer = JSONWriter(capacity: 2_048)
        try await write(ruling, to: &writer, withEvents: true)
        var answer = DoorAnswer.json(writer.bytes, status: ruling.state == .proposed ? 202 : 200)
        answer.headers["location"] = "\(NativeDoor.base)/decisions/\(ruling.number)"
        return answer
    }

    /// Writes a decision.
    func write(_ ruling: Ruling, to writer: inout JSONWriter, withEvents: Bool) async throws(DoorFault) {
        var texts = RecordTexts(call)
        try await texts.find(ruling.records + ruling.verdicts.flatMap { [$0.pair.a, $0.pair.b] })
        try await texts.find(ruling.moves.map(\.record))
        writer.beginObject()
        writer.member("decision", number: ruling.number)
        writer.member("kind", "\(ruling.kind)")
        writer.member("state", "\(ruling.state)")
        writer.member("at", milliseconds: ruling.at)
        writer.member("by", ruling.by)
        if !ruling.second.isEmpty { writer.member("second", ruling.second) }
        if !ruling.comment.isEmpty { writer.member("comment", ruling.comment) }
        if ruling.sequence > .zero { writer.member("sequence", number: ruling.sequence.rawValue) }
        if ruling.undoes > 0 {
            writer.member("undoes", number: ruling.undoes)
            writer.member("restored", flag: ruling.isRestored)
        }
        if ruling.undoneBy > 0 { writer.member("undoneBy", number: ruling.undoneBy) }
        writer.key("records")
        writer.beginArray()
        for record in ruling.records { writer.string(texts[record]) }
        writer.endArray()
        PlanAnswer.write(ruling.verdicts, texts, to: &writer)
        writer.key("moves")
        writer.beginArray()
        for move in ruling.moves {
            writer.beginObject()
            writer.member("record", texts[move.record])
            writer.member("from", move.from.description)
            // Whom a proposed split would lead to is not known before it is carried out.
            if ruling.sequence > .zero { writer.member("to", move.to.description) }
            writer.endObject()
        }
        writer.endArray()
        if withEvents { try await writeEvents(ruling, to: &writer) }
        writer.endObject()
    }

    private func writeEvents(_ ruling: Ruling, to writer: inout JSONWriter) async throws(DoorFault) {
        guard ruling.sequence > .zero else { return }
        let before = Sequence(ruling.sequence.rawValue - 1)
        let page = try await call.ask { (registry) async throws(RegistryError) in
            try await registry.changes(after: before, limit: 1)
        }
        writer.key("events")
        writer.beginArray()
        for entry in page.entries where entry.sequence == ruling.sequence {
            for (index, event) in entry.events.enumerated() { writer.event(event, id: "\(entry.sequence).\(index)") }
        }
        writer.endArray()
    }
}

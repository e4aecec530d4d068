internal import Coordinator
internal import Identifiers
internal import JSON

/// A question with the records that it is about and who has taken it.
struct ReviewShown: Sendable {
    let question: ReviewQuestion
    /// In the order of the question's records; `nil` where one is gone or not for this client.
    let records: [StoredRecord?]
    let claim: ReviewClaim?

    /// Looks records and claims up, in the order of the questions.
    static func all(_ questions: [ReviewQuestion], _ call: DoorCall) async throws(DoorFault) -> [ReviewShown] {
        let names = questions.map { ReviewClaim.name(of: $0.place.name) }
        let claims = try await call.ask { (registry) async throws(RegistryError) in try await registry.notes(names) }
        var shown: [ReviewShown] = []
        for (index, question) in questions.enumerated() {
            var records: [StoredRecord?] = []
            for id in question.records {
                records.append(
                    try await call.ask { (registry) async throws(RegistryError) in try await registry.record(id: id) }
                )
            }
            let claim = claims[index].flatMap(ReviewClaim.init(decoding:))
            shown.append(ReviewShown(question: question, records: records, claim: claim))
        }
        return shown
    }

    func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("id", question.place.name)
        let names = question.records.count == 2 ? ["a", "b"] : ["a"]
        for (name, (id, record)) in zip(names, zip(question.records, records)) {
            writer.key(name)
            writer.beginObject()
            if let record {
                writer.members(record.key, id)
                if let golden = record.golden { writer.member("golden", golden.description) }
            } else {
                writer.member("fhirId", id.description)
            }
            writer.endObject()
        }
        switch question {
        case .pair(let item):
            writer.members(item.task)
            writer.member("raised", milliseconds: item.raised)
        case .held(let update): write(update, to: &writer)
        }
        if let claim { claim.write(to: &writer) }
        writer.endObject()
    }

    private func write(_ update: HeldUpdate, to writer: inout JSONWriter) {
        writer.member("reason", question.reason)
        writer.member("because", update.reason == .likeAnother ? "like-another" : "unlike-itself")
        writer.key("weight")
        writer.double(update.weight.bits)
        writer.member("harm", number: update.harm)
        writer.member("raised", milliseconds: update.raised)
        writer.member("version", number: update.version)
        if let record = records.first ?? nil, record.version != update.version || record.deleted {
            writer.member("superseded", flag: true)
        }
        if !update.document.isEmpty {
            writer.key("held")
            writer.raw(update.document)
        }
    }
}

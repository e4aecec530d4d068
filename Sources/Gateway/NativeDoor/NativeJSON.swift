internal import Coordinator
internal import FHIR
internal import Identifiers
internal import Identity
internal import JSON

/// The values of the registry as the native interface writes them.
extension JSONWriter {
    /// A moment, in the form of ISO 8601.
    mutating func member(_ name: String, milliseconds: UInt64) {
        member(name, FHIRInstant(milliseconds: Int64(clamping: milliseconds)).description)
    }

    /// A whole number.
    mutating func member(_ name: String, number: some BinaryInteger) {
        key(name)
        integer(number)
    }

    /// Yes or no.
    mutating func member(_ name: String, flag: Bool) {
        key(name)
        boolean(flag)
    }

    /// What names a record: source, id and address.
    mutating func members(_ key: RecordKey, _ id: RecordID) {
        member("source", key.source)
        member("id", key.value)
        member("fhirId", id.description)
    }

    /// A stored record with its document.
    mutating func record(_ record: StoredRecord) {
        beginObject()
        members(record.key, record.id)
        if let golden = record.golden { member("golden", golden.description) }
        member("version", number: record.version)
        member("updated", milliseconds: record.updated)
        if record.deleted { member("deleted", flag: true) }
        if record.isUnsearched { member("unsearched", flag: true) }
        if let rules = record.rules { member("rules", rules.description) }
        if !record.document.isEmpty {
            key("document")
            raw(record.document)
        }
        endObject()
    }

    /// A question to a steward.
    mutating func members(_ task: ReviewTask) {
        member("reason", task.reason.word)
        key("weight")
        number(JSONNumber(task.weight.bits))
        member("harm", number: task.harm)
    }

    /// One change of an identity.
    mutating func event(_ event: IdentityEvent, id: String) {
        beginObject()
        member("id", id)
        switch event {
        case .recordLinked(let record, let from, let to):
            member("type", "record-linked")
            member("record", record.description)
            if let from { member("from", from.description) }
            member("to", to.description)
        case .recordRemoved(let record, let from):
            member("type", "record-removed")
            member("record", record.description)
            member("from", from.description)
        case .personsMerged(let survivor, let retired):
            member("type", "persons-merged")
            member("survivor", survivor.description)
            member("retired", retired.description)
        case .personSplit(let from, let new):
            member("type", "person-split")
            member("from", from.description)
            member("new", new.description)
        case .goldenRedirected(let golden, let from, let to):
            member("type", "golden-redirected")
            member("golden", golden.description)
            member("from", from.description)
            member("to", to.description)
        case .goldenRetired(let golden):
            member("type", "golden-retired")
            member("golden", golden.description)
        case .reviewRaised(let task): review("review-raised", task)
        case .reviewSettled(let task): review("review-settled", task)
        }
        endObject()
    }

    private mutating func review(_ type: String, _ task: ReviewTask) {
        member("type", type)
        member("a", task.pair.a.description)
        member("b", task.pair.b.description)
        members(task)
    }
}

extension ReviewTask.Reason {
    /// The reason in kebab case.
    var word: String {
        switch self {
        case .weightInReviewBand: "weight-in-review-band"
        case .guardForbade(let reason): "guard-" + reason.name
        case .componentTooLarge: "component-too-large"
        case .decisionConflict: "decision-conflict"
        case .othersDisagree: "others-disagree"
        }
    }
}

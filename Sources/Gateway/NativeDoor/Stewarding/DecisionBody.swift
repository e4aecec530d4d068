internal import Coordinator
internal import Identifiers
internal import Identity
internal import JSON

/// Reads what a steward orders from the body of a request.
enum DecisionBody {
    /// Records that one order may name.
    private static let recordLimit = 1_000

    /// The order.
    ///
    /// - Throws: a 400 where something is missing or names nothing, a 404 where it names what is not there.
    static func order(_ body: JSONObject, _ call: DoorCall) async throws(DoorFault) -> RulingOrder {
        switch body["kind"]?.string {
        case "link", "must-link": return .persons(.link(try await pair(body, call)))
        case "never", "cannot-link": return .persons(.never(try await pair(body, call)))
        case "free": return .free(try await pair(body, call))
        case "merge":
            let survivor = try await person(body, "survivor", call)
            let other = try await person(body, "other", call)
            guard let first = survivor.members.first, let second = other.members.first else {
                throw .notFound("a person has no record that could be merged")
            }
            guard survivor.golden != other.golden else { throw .invalid("the two are one person", at: "other") }
            return .persons(.merge(first.id, second.id))
        case "split": return .persons(.split(try await leaving(body, call)))
        case "undo":
            guard let number = body["decision"]?.integer, number > 0 else {
                throw .invalid("the number of a decision is needed", at: "decision")
            }
            return .undo(UInt64(number))
        case "release": return .release(try await record(body, "record", call))
        case "reject": return .reject(try await record(body, "record", call))
        default: throw .invalid("must be link, never, free, merge, split, undo, release or reject", at: "kind")
        }
    }

    private static func pair(_ body: JSONObject, _ call: DoorCall) async throws(DoorFault) -> RecordPair {
        let first = try await record(body, "a", call)
        let second = try await record(body, "b", call)
        guard let pair = RecordPair(first, second) else { throw .invalid("a and b are one record", at: "b") }
        return pair
    }

    private static func record(_ body: JSONObject, _ name: String, _ call: DoorCall) async throws(DoorFault) -> RecordID
    {
        try await record(body[name]?.string, name, call)
    }

    private static func record(_ text: String?, _ name: String, _ call: DoorCall) async throws(DoorFault) -> RecordID {
        let key = try await RecordNames.key(text, parameter: name, in: call)
        let record = try await call.ask { (registry) async throws(RegistryError) in try await registry.record(key) }
        guard let record, !record.deleted else { throw .notFound("there is no such record (\(name))") }
        return record.id
    }

    private static func person(
        _ body: JSONObject,
        _ name: String,
        _ call: DoorCall
    ) async throws(DoorFault) -> PersonView {
        guard let golden = body[name]?.string.flatMap({ GoldenID($0) }) else {
            throw .invalid("a golden identifier is needed", at: name)
        }
        let person = try await call.ask { (registry) async throws(RegistryError) in try await registry.person(golden) }
        guard let person else { throw .notFound("there is no such person (\(name))") }
        return person
    }

    /// The records that leave; of the person that is named, where one is.
    private static func leaving(_ body: JSONObject, _ call: DoorCall) async throws(DoorFault) -> [RecordID] {
        guard let names = body["records"]?.array, !names.isEmpty, names.count <= recordLimit else {
            throw .invalid("1 to \(recordLimit) records are needed", at: "records")
        }
        var records: [RecordID] = []
        for (index, name) in names.enumerated() {
            records.append(try await record(name.string, "records[\(index)]", call))
        }
        guard body["person"] != nil else { return records }
        let members = Set(try await person(body, "person", call).members.map(\.id))
        guard let wrong = records.firstIndex(where: { !members.contains($0) }) else { return records }
        throw .invalid("the record is not of that person", at: "records[\(wrong)]")
    }
}

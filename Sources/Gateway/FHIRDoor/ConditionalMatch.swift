internal import Coordinator
internal import FHIR
internal import Identifiers

/// The one record that a condition means (FHIR R4, 3.1.0.4.3, 3.1.0.7.1, 3.1.0.8.1).
enum ConditionalMatch {
    /// The record that an identifier names or that bears it among others; `nil` where none does.
    ///
    /// - Throws: a 412 where several records bear it and it is no record's own: which one is meant is not clear.
    static func one(_ key: RecordKey, at place: String, _ call: DoorCall) async throws(DoorFault) -> StoredRecord? {
        let bearers = try await CrossReference(call).bearers(of: key)
        if let own = bearers.first(where: { $0.key == key }) { return own }
        guard bearers.count < 2 else {
            let detail = "\(bearers.count) records bear this identifier; name the one that is meant by its own"
            throw DoorFault(412, .multipleMatches, detail, at: place)
        }
        return bearers.first
    }

    /// The record by which a conditional create finds its condition fulfilled, where the identifier is not the record's
    /// own; `nil` where the create goes on.
    static func foreign(_ condition: String, _ call: DoorCall) async throws(DoorFault) -> StoredRecord? {
        let place = "If-None-Exist"
        let query = condition.split(separator: "?").last ?? ""
        let mapping = call.configuration.mapping
        let key = try IdentifierQuery.key(try RequestTarget.items(of: query), place: place, mapping)
        guard let found = try await one(key, at: place, call), found.key != key else { return nil }
        return found
    }

    /// What a conditional removal removes: the record that is meant, or nothing under the identifier itself.
    static func removed(_ items: [RequestTarget.Item], _ call: DoorCall) async throws(DoorFault) -> RecordKey {
        let key = try IdentifierQuery.key(items, place: "identifier", call.configuration.mapping)
        return try await one(key, at: "identifier", call)?.key ?? key
    }
}

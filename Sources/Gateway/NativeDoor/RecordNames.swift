internal import Authorities
internal import Coordinator
internal import Identifiers
internal import PatientMapping

/// How native clients name a record in one text: `source|id`, or its 13-character address.
enum RecordNames {
    /// Reads the name of a record from a parameter.
    ///
    /// - Throws: a 400 where it is missing or neither of the two.
    static func key(_ text: String?, parameter: String, in call: DoorCall) async throws(DoorFault) -> RecordKey {
        guard let text, !text.isEmpty else { throw .invalid("a record is needed: source|id", at: parameter) }
        if let bar = text.firstIndex(of: "|") {
            let value = String(text[text.index(after: bar)...])
            return try key(source: String(text[..<bar]), value: value, at: parameter, in: call)
        }
        guard let id = RecordID(text) else {
            throw .invalid("expected source|id, or the 13 characters of a record's address", at: parameter)
        }
        guard
            let record = try await call.ask({ (registry) async throws(RegistryError) in
                try await registry.record(id: id)
            })
        else { throw .notFound("there is no such record (\(parameter))") }
        return record.key
    }

    /// The key of a record under whichever name of its source's domain.
    static func key(
        source: String,
        value: String,
        at place: String,
        in call: DoorCall
    ) throws(DoorFault) -> RecordKey {
        let authorities = call.configuration.identifiers.authorities
        return try key(source: authorities.canonical(source), value: value, at: place)
    }

    /// A key whose parts have the lengths that a record's key may have.
    static func key(source: String, value: String, at place: String) throws(DoorFault) -> RecordKey {
        guard !source.isEmpty, !value.isEmpty else { throw .invalid("source and id must not be empty", at: place) }
        guard source.utf8.count <= RecordKey.partLimit, value.utf8.count <= RecordKey.partLimit else {
            throw .invalid("source and id may have \(RecordKey.partLimit) bytes each", at: place)
        }
        return RecordKey(source: source, value: value)
    }
}

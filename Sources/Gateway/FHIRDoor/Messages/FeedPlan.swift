internal import Coordinator
internal import FHIR
internal import Identifiers
internal import JSON
internal import PatientMapping

/// What a feed message asks for, understood; nothing of it done yet.
struct FeedPlan: Sendable {
    private var writes: [(write: PatientWrite, place: String)] = []
    private var related: [RelatedPersons.Change] = []
    /// What the source calls the records, to be remembered: names that later messages use.
    private var names: [(name: String, key: RecordKey)] = []

    /// What became of a message.
    struct Done: Sendable {
        var created = 0
        var faults: [DoorFault] = []
    }

    init(_ message: FeedMessage, _ call: DoorCall) async throws(DoorFault) {
        let rules = WriteRules(call)
        var addresses: [String: String] = [:]
        let maidenNames = MaidenNames.told(in: message)
        for (number, entry) in message.entries.enumerated() where entry.type == "Patient" && entry.method != .delete {
            let write: PatientWrite
            do throws(DoorFault) {
                write = try .create(maidenNames[number] ?? entry.document, ifNoneExist: nil, rules)
            } catch {
                throw error.within("\(entry.place).resource")
            }
            guard !writes.contains(where: { $0.write.key == write.key }) else {
                throw DoorFault(422, .duplicate, "two entries are about one record", at: entry.place)
            }
            writes.append((write, entry.place))
            for name in Self.names(of: entry) {
                addresses[name] = "Patient/\(write.key.id)"
                names.append(("\(message.source)|\(name)", write.key))
            }
        }
        await nameRelated(message, &addresses, call)
        try await resolveLinks(message, &addresses, call)
        for entry in message.entries where entry.method == .delete && !entry.url.hasPrefix("RelatedPerson") {
            guard let key = try await Self.key(entry.url, message, call) else { continue }
            let write: PatientWrite = try .delete(key, WriteCondition(), rules)
            writes.append((write, entry.place))
        }
        for entry in message.entries where entry.type == "RelatedPerson" && entry.method != .delete {
            let document = ReferenceResolution.resolved(entry.document, addresses) ?? entry.document
            related.append(try await RelatedPersons.change(document, at: "\(entry.place).resource", call))
        }
    }

    /// How a source may refer to a Patient: by the URL of its entry, absolute or relative.
    static func names(of entry: FeedMessage.Entry) -> [String] {
        var names = [entry.fullURL, String(entry.url.prefix { $0 != "?" })]
        names.append(entry.fullURL.split(separator: "/").suffix(2).joined(separator: "/"))
        if let id = try? Patient(decoding: entry.document.span.bytes).id, !id.isEmpty { names.append("Patient/\(id)") }
        var seen: Set<String> = []
        return names.filter { $0.contains("/") && !$0.hasSuffix("/") && seen.insert($0).inserted }
    }

    /// Lets links name the related persons of the message by the ids under which they are kept.
    private func nameRelated(_ message: FeedMessage, _ addresses: inout [String: String], _ call: DoorCall) async {
        for entry in message.entries where entry.type == "RelatedPerson" && entry.method != .delete {
            let document = ReferenceResolution.resolved(entry.document, addresses) ?? entry.document
            // One that cannot be kept is refused where it is read to be kept.
            guard let change = try? await RelatedPersons.change(document, at: entry.place, call) else { continue }
            let address = "RelatedPerson/\(RelatedPersons.id(of: change))"
            for name in Self.names(of: entry) { addresses[name] = address }
            if let own = change.resource["id"]?.string, !own.isEmpty { addresses["RelatedPerson/\(own)"] = address }
        }
    }

    /// Lets links name the records that they mean, also those of earlier messages.
    private mutating func resolveLinks(
        _ message: FeedMessage,
        _ addresses: inout [String: String],
        _ call: DoorCall
    ) async throws(DoorFault) {
        for index in writes.indices {
            let document = writes[index].write.submission.document
            guard let patient = try? Patient(decoding: document.span.bytes) else { continue }
            for link in patient.links where addresses[link.other.reference] == nil && !link.other.reference.isEmpty {
                if let key = try await Self.key(link.other.reference, message, call) {
                    addresses[link.other.reference] = "Patient/\(key.id)"
                }
            }
            guard let resolved = ReferenceResolution.resolved(document, addresses) else { continue }
            writes[index].write.submission.document = resolved
        }
    }

    /// The record that a URL of the source means.
    ///
    /// It may hold an identifier, one of our ids, or a name that an earlier message told.
    private static func key(
        _ url: String,
        _ message: FeedMessage,
        _ call: DoorCall
    ) async throws(DoorFault) -> RecordKey? {
        if let mark = url.firstIndex(of: "?") {
            let items = try RequestTarget.items(of: url[url.index(after: mark)...])
            return try IdentifierQuery.key(items, place: "request.url", call.configuration.mapping)
        }
        if let id = url.split(separator: "/").last.flatMap({ RecordID($0) }) {
            let found = try await call.ask { (registry) async throws(RegistryError) in try await registry.record(id: id)
            }
            if let found { return found.key }
        }
        let name = "feed|\(message.source)|\(url)"
        let note = try await call.ask { (registry) async throws(RegistryError) in try await registry.note(name) }
        guard let text = note.map({ String(decoding: $0, as: UTF8.self) }), let mark = text.firstIndex(of: "\u{1F}")
        else {
            return nil
        }
        return RecordKey(source: String(text[..<mark]), value: String(text[text.index(after: mark)...]))
    }

    /// Does everything: records first, then those that others replace, then removals, then related persons.
    func carryOut(_ call: DoorCall) async -> Done {
        var done = Done()
        for (write, place) in writes.sorted(by: { Self.rank($0.write) < Self.rank($1.write) }) {
            do throws(DoorFault) {
                let result = try await call.result(of: write, withPatient: false)
                if result.status == 201 { done.created += 1 }
            } catch {
                var fault = error.within("\(place).resource")
                // Taking a replacement back is not for messages to do (PMIR, 3.93.4.1.3).
                if write.interaction != .delete, error.code == .businessRule, !write.submission.isReplaced {
                    fault.status = 405
                }
                done.faults.append(fault)
            }
        }
        do throws(DoorFault) {
            for change in related { try await RelatedPersons.store(change, call) }
            for (name, key) in names where done.faults.isEmpty {
                let text = Array("\(key.source)\u{1F}\(key.value)".utf8)
                try await call.ask { (registry) async throws(RegistryError) in
                    try await registry.note("feed|\(name)", text)
                }
            }
        } catch {
            done.faults.append(error)
        }
        return done
    }

    private static func rank(_ write: PatientWrite) -> Int {
        write.interaction == .delete ? 2 : write.submission.isReplaced ? 1 : 0
    }
}

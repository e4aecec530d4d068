import JSON

/// What the registry adds to a Patient when it answers: id, version and time, and identifiers of its own.
///
/// Everything else of the stored bytes passes through untouched, elements that we do not know included.
///
///     let stamp = PatientStamp(id: "5", meta: Meta(versionId: "2", lastUpdated: now), identifiers: [golden])
///     let answer = try stamp.applied(to: stored.span.bytes)
public struct PatientStamp: Sendable, Hashable {
    /// Takes the place of `id`; left alone when empty.
    public var id: String
    /// `versionId`, `lastUpdated` and `source` take the place of those of `meta`, where they are not empty.
    public var meta: Meta
    /// Stand before the patient's own identifiers and take the place of those of the same system.
    public var identifiers: [Identifier]
    /// Takes the place of `active`, where given.
    public var active: Bool?
    /// Are added to `link`.
    public var links: [PatientLink]

    /// What is to be added.
    public init(
        id: String = "",
        meta: Meta = Meta(),
        identifiers: [Identifier] = [],
        active: Bool? = nil,
        links: [PatientLink] = []
    ) {
        self.id = id
        self.meta = meta
        self.identifiers = identifiers
        self.active = active
        self.links = links
    }

    /// The stored Patient with the stamp on it.
    ///
    /// - Throws: `FHIRError` when the bytes are not a JSON object.
    public func applied(to bytes: RawSpan) throws(FHIRError) -> [UInt8] {
        do throws(JSONFault) {
            return try stamp(bytes)
        } catch {
            throw FHIRError(error, in: bytes, root: "Patient")
        }
    }

    private func stamp(_ bytes: RawSpan) throws(JSONFault) -> [UInt8] {
        var scanner = try JSONScanner(bytes, limits: JSONLimits(bytes: Patient.bytesMax))
        var members = StampedMembers()
        try scanner.beginObject()
        while let key = try scanner.nextKey() {
            let name = scanner.text(key)
            if name == "meta" {
                members.meta = try Self.rawMembers(of: &scanner)
            } else if name == "identifier" {
                members.identifiers = try keptIdentifiers(&scanner)
            } else if name == "link" {
                members.links = try Self.rawElements(&scanner)
            } else {
                members.others.append((name, scanner.bytes(try scanner.skipValue())))
            }
        }
        try scanner.finish()
        return write(members)
    }

    private func write(_ members: StampedMembers) -> [UInt8] {
        var writer = JSONWriter(capacity: 1_024)
        writer.beginObject()
        writer.member("resourceType", "Patient")
        if !id.isEmpty { writer.member("id", id) }
        writeMeta(over: members.meta, to: &writer)
        if !identifiers.isEmpty || !members.identifiers.isEmpty {
            writer.key("identifier")
            writer.beginArray()
            for identifier in identifiers { identifier.write(to: &writer) }
            for raw in members.identifiers { writer.raw(raw) }
            writer.endArray()
        }
        writer.flag("active", active)
        for (name, raw) in members.others where !isReplaced(name) {
            writer.key(name)
            writer.raw(raw)
        }
        if !links.isEmpty || !members.links.isEmpty {
            writer.key("link")
            writer.beginArray()
            for raw in members.links { writer.raw(raw) }
            for link in links { link.write(to: &writer) }
            writer.endArray()
        }
        writer.endObject()
        return writer.bytes
    }

    private func isReplaced(_ name: String) -> Bool {
        switch name {
        case "resourceType": true
        case "id": !id.isEmpty
        case "active": active != nil
        default: false
        }
    }

    private func writeMeta(over stored: [(String, [UInt8])], to writer: inout JSONWriter) {
        let stamped = [("versionId", meta.versionId), ("lastUpdated", meta.lastUpdated), ("source", meta.source)]
            .filter { !$0.1.isEmpty }
        let kept = stored.filter { member in !stamped.contains { $0.0 == member.0 } }
        guard !stamped.isEmpty || !kept.isEmpty else { return }
        writer.object("meta") {
            for (name, text) in stamped { $0.member(name, text) }
            for (name, raw) in kept {
                $0.key(name)
                $0.raw(raw)
            }
        }
    }

    /// The stored identifiers, those of a stamped system left out.
    private func keptIdentifiers(_ scanner: inout JSONScanner) throws(JSONFault) -> [[UInt8]] {
        var kept: [[UInt8]] = []
        try scanner.beginArray()
        while try scanner.nextElement() {
            var reader = scanner
            let system = try Identifier.read(&reader).system
            let slice = try scanner.skipValue()
            if !identifiers.contains(where: { $0.system == system }) { kept.append(scanner.bytes(slice)) }
        }
        return kept
    }

    private static func rawElements(_ scanner: inout JSONScanner) throws(JSONFault) -> [[UInt8]] {
        var elements: [[UInt8]] = []
        try scanner.beginArray()
        while try scanner.nextElement() { elements.append(scanner.bytes(try scanner.skipValue())) }
        return elements
    }

    private static func rawMembers(of scanner: inout JSONScanner) throws(JSONFault) -> [(String, [UInt8])] {
        var members: [(String, [UInt8])] = []
        try scanner.beginObject()
        while let key = try scanner.nextKey() {
            members.append((scanner.text(key), scanner.bytes(try scanner.skipValue())))
        }
        return members
    }
}

/// The members of a stored Patient, sorted by what a stamp does with them.
private struct StampedMembers {
    var meta: [(String, [UInt8])] = []
    var identifiers: [[UInt8]] = []
    var links: [[UInt8]] = []
    var others: [(String, [UInt8])] = []
}

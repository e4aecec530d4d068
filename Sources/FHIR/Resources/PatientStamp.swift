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
    /// Stand after the patient's own identifiers, where these do not hold them.
    public var furtherIdentifiers: [Identifier] = []
    /// Systems of identifiers that are told by another name: alias to preferred.
    public var renamedSystems: [String: String] = [:]
    /// Only identifiers of these systems (preferred names) are told; `nil`: all.
    public var onlySystems: [String]?

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
        let added = identifiers + furtherIdentifiers
        if !members.identifiers.isEmpty || added.contains(where: { isTold($0.system) }) {
            writer.key("identifier")
            writer.beginArray()
            for identifier in identifiers where isTold(identifier.system) { identifier.write(to: &writer) }
            for raw in members.identifiers { writer.raw(raw) }
            for identifier in furtherIdentifiers where isTold(identifier.system) { identifier.write(to: &writer) }
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
            var second = scanner
            let slice = try scanner.skipValue()
            let preferred = renamedSystems[system] ?? system
            guard isTold(preferred), !identifiers.contains(where: { $0.system == system }) else { continue }
            if preferred == system {
                kept.append(scanner.bytes(slice))
            } else {
                kept.append(try Self.renamed(&second, to: preferred, in: slice))
            }
        }
        return kept
    }

    private func isTold(_ system: String) -> Bool { onlySystems?.contains(system) ?? true }

    /// The bytes of an identifier with another system, everything else as it was.
    private static func renamed(
        _ scanner: inout JSONScanner,
        to system: String,
        in slice: JSONSlice
    ) throws(JSONFault) -> [UInt8] {
        let bytes = scanner.bytes(slice)
        try scanner.beginObject()
        while let key = try scanner.nextKey() {
            let isSystem = scanner.key(key, is: "system")
            let value = try scanner.skipValue()
            guard isSystem else { continue }
            var writer = JSONWriter(capacity: 64)
            writer.string(system)
            let lower = value.range.lowerBound - slice.offset
            let upper = value.range.upperBound - slice.offset
            return bytes[..<lower] + writer.bytes + bytes[upper...]
        }
        return bytes
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

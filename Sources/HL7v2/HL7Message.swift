/// A message of HL7 version 2: segments in order, the header first.
///
///     let message = try HL7Message(decoding: bytes)
///     message.first("PID")?.field(3).repetitions.map { $0.text(1) }    // the identifiers
///     message.encoded()                                                // the same bytes again
///
/// Segments end with a carriage return; line feeds and pairs of both are understood as well, and empty lines left out.
public struct HL7Message: Hashable, Sendable {
    /// The segments; the first is MSH.
    public private(set) var segments: [HL7Segment]
    /// What takes it apart.
    public let delimiters: Delimiters
    /// How its text is written as bytes.
    public private(set) var characterSet: CharacterSet

    /// An answer or message of our own: a header, then what is added.
    public init(header: HL7Segment, characterSet: CharacterSet = .utf8) {
        precondition(header.name == HL7Segment.header, "a message begins with MSH")
        segments = [header]
        delimiters = header.delimiters
        self.characterSet = characterSet
    }

    /// Reads a message.
    ///
    /// - Throws: `HL7Error` with the place: no header, a character set that is not known, bytes that are not of it, a
    ///   segment without a name, or more of something than `HL7Limits` allows.
    public init(decoding bytes: [UInt8]) throws(HL7Error) {
        let all = bytes[(bytes.firstIndex { !HL7Message.isBlank($0) } ?? bytes.endIndex)...]
        guard all.count <= HL7Limits.messageBytes else {
            throw HL7Error(
                .internal,
                at: .segment("MSH"),
                "a message may have \(HL7Limits.messageBytes) bytes; this one has \(all.count)"
            )
        }
        delimiters = try Delimiters(header: all)
        let lines = all.split { HL7Message.isEnd($0) }
        guard lines.count <= HL7Limits.segments else {
            throw HL7Error(.segmentSequence, at: .segment("MSH"), "at most \(HL7Limits.segments) segments are taken")
        }
        let set = try CharacterSet(header: lines.first ?? [], delimiters: delimiters)
        characterSet = set
        segments = []
        var counts: [String: Int] = [:]
        for line in lines where !line.allSatisfy(HL7Message.isBlank) {
            let name = try HL7Message.name(of: line, after: segments.last, delimiters)
            let sequence = counts[name, default: 0] + 1
            counts[name] = sequence
            guard let text = set.decoded(line) else { throw CharacterSet.fault(set, name, sequence) }
            segments.append(try HL7Message.segment(name, text, sequence, delimiters, set))
        }
    }

    /// What can be said of a message that cannot be read: its header alone, where that much is there.
    public static func header(ofUnreadable bytes: [UInt8]) -> HL7Segment? {
        let line = bytes.drop(while: isBlank).prefix { !isEnd($0) }
        do throws(HL7Error) {
            let delimiters = try Delimiters(header: line)
            let text = CharacterSet.utf8.decoded(line) ?? CharacterSet.latin1.decoded(line) ?? []
            return try segment(HL7Segment.header, text, 1, delimiters, .utf8)
        } catch {
            return nil
        }
    }

    private static func name(
        of line: ArraySlice<UInt8>,
        after last: HL7Segment?,
        _ delimiters: Delimiters
    ) throws(HL7Error) -> String {
        let name = line.prefix { $0 != delimiters.field }
        let isName = name.count == 3 && name.allSatisfy { (0x41...0x5A).contains($0) || (0x30...0x39).contains($0) }
        guard isName, let first = name.first, first > 0x39 else {
            throw HL7Error(
                .segmentSequence,
                at: .segment(last?.name ?? HL7Segment.header),
                "what follows this segment is none: three capital letters or digits are expected"
            )
        }
        let text = String(decoding: name, as: UTF8.self)
        guard text != HL7Segment.header || last == nil else {
            throw HL7Error(.segmentSequence, at: .segment(HL7Segment.header, 2), "a frame holds one message")
        }
        return text
    }

    private static func segment(
        _ name: String,
        _ line: [UInt8],
        _ sequence: Int,
        _ delimiters: Delimiters,
        _ characterSet: CharacterSet
    ) throws(HL7Error) -> HL7Segment {
        var written: [String] = []
        // A field more than the limit tells that there are too many.
        for part in line.split(
            separator: delimiters.field,
            maxSplits: HL7Limits.fields + 1,
            omittingEmptySubsequences: false
        ).dropFirst() {
            written.append(part.isEmpty ? "" : String(decoding: part, as: UTF8.self))
        }
        if name == HL7Segment.header { written.insert(String(decoding: [delimiters.field], as: UTF8.self), at: 0) }
        guard written.count <= HL7Limits.fields else {
            throw HL7Error(
                .dataType,
                at: .segment(name, sequence),
                "at most \(HL7Limits.fields) fields are taken in a segment"
            )
        }
        for (index, text) in written.enumerated() where !(name == HL7Segment.header && index < 2) {
            try check(text, HL7Location(name, sequence: sequence, field: index + 1), delimiters)
        }
        return HL7Segment(name: name, delimiters: delimiters, characterSet: characterSet, written: written)
    }

    /// Refuses a field with more parts than the limits allow.
    private static func check(_ text: String, _ location: HL7Location, _ delimiters: Delimiters) throws(HL7Error) {
        var location = location
        location.repetition = 1
        location.component = 1
        location.subcomponent = 1
        for byte in text.utf8 {
            switch byte {
            case delimiters.repetition:
                location.repetition += 1
                location.component = 1
                location.subcomponent = 1
            case delimiters.component:
                location.component += 1
                location.subcomponent = 1
            case delimiters.subcomponent: location.subcomponent += 1
            default: continue
            }
            guard location.repetition <= HL7Limits.repetitions, location.component <= HL7Limits.components,
                location.subcomponent <= HL7Limits.subcomponents
            else { throw HL7Error(.dataType, at: location, "the field has too many parts") }
        }
    }

    private static func isEnd(_ byte: UInt8) -> Bool { byte == 0x0D || byte == 0x0A }

    private static func isBlank(_ byte: UInt8) -> Bool { isEnd(byte) || byte == 0x20 || byte == 0x09 }

    /// The header.
    public var header: HL7Segment { segments[0] }

    /// The first segment of a name.
    public func first(_ name: String) -> HL7Segment? { segments.first { $0.name == name } }

    /// All segments of a name, in order.
    public func all(_ name: String) -> [HL7Segment] { segments.filter { $0.name == name } }

    /// Adds a segment; one with other delimiters is written with those of the message.
    public mutating func append(_ segment: HL7Segment) { segments.append(segment.rewritten(delimiters)) }

    /// The bytes of the message, each segment with a carriage return.
    ///
    /// Where its character set cannot write it, it says in MSH-18 that it is written in UTF-8, and is.
    public func encoded() -> [UInt8] {
        let text = segments.map { $0.text + "\r" }.joined()
        if let bytes = characterSet.encoded(text) { return bytes }
        var other = self
        other.characterSet = .utf8
        other.segments[0].set(18, CharacterSet.utf8.name)
        return Array(other.segments.map { $0.text + "\r" }.joined().utf8)
    }
}

/// One segment: its name and its fields as they were written, taken apart when they are asked for.
public struct HL7Segment: Hashable, Sendable {
    /// Three letters or digits.
    public let name: String
    /// The delimiters of its message.
    public let delimiters: Delimiters
    /// The character set of its message, in which `\X..\` writes bytes.
    public let characterSet: CharacterSet
    /// The fields from 1 as they were written, escapes and delimiters included; those of MSH begin with the separator.
    public private(set) var written: [String]

    init(name: String, delimiters: Delimiters, characterSet: CharacterSet, written: [String]) {
        self.name = name
        self.delimiters = delimiters
        self.characterSet = characterSet
        self.written = written
    }

    /// An empty segment.
    public init(_ name: String, delimiters: Delimiters = .usual, characterSet: CharacterSet = .utf8) {
        self.init(
            name: name,
            delimiters: delimiters,
            characterSet: characterSet,
            written: name == HL7Segment.header
                ? [String(decoding: [delimiters.field], as: UTF8.self), delimiters.encodingCharacters] : []
        )
    }

    static let header = "MSH"

    /// A field as it was written; empty where there is none.
    public func raw(_ number: Int) -> String { written.indices.contains(number - 1) ? written[number - 1] : "" }

    /// Whether a field says nothing at all.
    public func isEmpty(_ number: Int) -> Bool { raw(number).isEmpty }

    /// A field taken apart.
    public func field(_ number: Int) -> HL7Field {
        let raw = raw(number)
        guard !raw.isEmpty else { return HL7Field() }
        // The delimiters themselves are not to be taken apart.
        guard name != HL7Segment.header || number > 2 else { return HL7Field(raw) }
        return FieldReader(delimiters: delimiters, characterSet: characterSet).field(raw)
    }

    /// The value at a place of the first repetition.
    public func text(_ number: Int, _ component: Int = 1, _ subcomponent: Int = 1) -> String {
        isEmpty(number) ? "" : field(number).first.text(component, subcomponent)
    }

    /// Writes a field.
    public mutating func set(_ number: Int, _ field: HL7Field) {
        precondition(number > (name == HL7Segment.header ? 2 : 0), "fields count from 1, and MSH-1 and MSH-2 are fixed")
        set(number, written: FieldWriter(delimiters: delimiters).text(field))
    }

    /// Writes a field of one value.
    public mutating func set(_ number: Int, _ text: String) { set(number, HL7Field(text)) }

    /// Writes a field of one repetition of plain components.
    public mutating func set(_ number: Int, components: [String]) {
        set(number, HL7Field([HL7Repetition(texts: components)]))
    }

    /// Writes a field as it stands in another segment of the same delimiters.
    public mutating func set(_ number: Int, written text: String) {
        while written.count < number { written.append("") }
        written[number - 1] = text
        while written.last?.isEmpty == true { written.removeLast() }
    }

    /// The segment as text without its end.
    public var text: String {
        let separator = String(decoding: [delimiters.field], as: UTF8.self)
        guard name == HL7Segment.header else { return ([name] + written).joined(separator: separator) }
        return name + separator + written.dropFirst().joined(separator: separator)
    }

    /// The same values under other delimiters.
    public func rewritten(_ other: Delimiters) -> HL7Segment {
        guard other != delimiters else { return self }
        var segment = HL7Segment(name, delimiters: other, characterSet: characterSet)
        for number in written.indices.map({ $0 + 1 }) where name != HL7Segment.header || number > 2 {
            segment.set(number, field(number))
        }
        return segment
    }
}

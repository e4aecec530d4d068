public import JSON

/// A name of a person.
public struct HumanName: Sendable, Hashable {
    /// What a name is for (FHIR R4 value set `name-use`).
    public enum Use: String, Sendable, Hashable, CaseIterable {
        /// The name normally used.
        case usual
        /// The formal name in a registry.
        case official
        /// Temporary.
        case temp
        /// Used informally.
        case nickname
        /// Anonymous assigned name, alias.
        case anonymous
        /// No longer in use.
        case old
        /// Used before marriage.
        case maiden
    }

    /// What the name is for.
    public var use: Use?
    /// The whole name as it should be shown; empty when absent.
    public var text: String
    /// Family name; empty when absent.
    public var family: String
    /// Given names in order, middle names among them.
    public var given: [String]
    /// Which of `given` a source has marked as middle names (extension `iso21090-EN-qualifier`, code `MID`).
    public var middleIndices: [Int]
    /// Titles before the name.
    public var prefix: [String]
    /// Parts after the name.
    public var suffix: [String]
    /// When the name was or is in use.
    public var period: Period?

    /// A name.
    public init(use: Use? = nil, family: String = "", given: [String] = [], text: String = "") {
        self.use = use
        self.text = text
        self.family = family
        self.given = given
        middleIndices = []
        prefix = []
        suffix = []
    }
}

extension HumanName {
    /// Marks a part of a name with its role; HL7 defines it for given names among others.
    static let qualifierURL = "http://hl7.org/fhir/StructureDefinition/iso21090-EN-qualifier"
    static let middleQualifier = "MID"

    private enum Field: Int, ElementField {
        case family, given, use, text, prefix, suffix, period, givenExtensions
        static let names: [StaticString] = ["family", "given", "use", "text", "prefix", "suffix", "period", "_given"]
    }

    static func read(_ scanner: inout JSONScanner) throws(JSONFault) -> HumanName {
        var name = HumanName()
        var members = try ElementReader<Field>(&scanner)
        while let field = try members.next(&scanner) {
            switch field {
            case .family: name.family = try scanner.fhirText()
            case .given: name.given = try scanner.fhirTexts()
            case .use: name.use = try scanner.fhirCode(Use.self)
            case .text: name.text = try scanner.fhirText()
            case .prefix: name.prefix = try scanner.fhirTexts()
            case .suffix: name.suffix = try scanner.fhirTexts()
            case .period: name.period = try Period.read(&scanner)
            case .givenExtensions: name.middleIndices = try readMiddleIndices(&scanner)
            }
        }
        return name
    }

    /// Reads `_given`: one element or `null` for each given name.
    private static func readMiddleIndices(_ scanner: inout JSONScanner) throws(JSONFault) -> [Int] {
        let isMiddle = try scanner.fhirElements { (scanner) throws(JSONFault) -> Bool in
            if try scanner.peekKind() == .null {
                try scanner.null()
                return false
            }
            return try ExtensionHolder.read(&scanner).extensions.contains {
                $0.url == qualifierURL && $0.value == .code(middleQualifier)
            }
        }
        return isMiddle.indices.filter { isMiddle[$0] }
    }

    /// Writes the name as an object.
    public func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.code("use", use)
        writer.text("text", text)
        writer.text("family", family)
        writer.elements("given", given) { $1.string($0) }
        writeMiddleIndices(to: &writer)
        writer.elements("prefix", prefix) { $1.string($0) }
        writer.elements("suffix", suffix) { $1.string($0) }
        if let period {
            writer.key("period")
            period.write(to: &writer)
        }
        writer.endObject()
    }

    private func writeMiddleIndices(to writer: inout JSONWriter) {
        guard let last = middleIndices.last else { return }
        writer.elements("_given", Array(0...last)) { index, writer in
            guard middleIndices.contains(index) else { return writer.null() }
            writer.beginObject()
            writer.key("extension")
            writer.beginArray()
            Extension(url: Self.qualifierURL, value: .code(Self.middleQualifier)).write(to: &writer)
            writer.endArray()
            writer.endObject()
        }
    }
}

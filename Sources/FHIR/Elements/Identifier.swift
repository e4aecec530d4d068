public import JSON

/// An identifier that some authority assigned.
public struct Identifier: Sendable, Hashable {
    /// What an identifier is for (FHIR R4 value set `identifier-use`).
    public enum Use: String, Sendable, Hashable, CaseIterable {
        /// The one recommended for everyday use.
        case usual
        /// The one considered most trusted.
        case official
        /// Temporary.
        case temp
        /// Assigned for secondary use, of no meaning elsewhere.
        case secondary
        /// No longer valid.
        case old
    }

    /// The code system of identifier types: HL7 table 0203.
    public static let typeSystem = "http://terminology.hl7.org/CodeSystem/v2-0203"

    /// What the identifier is for.
    public var use: Use?
    /// What kind of identifier it is, for example `NI` of table 0203.
    public var type: CodeableConcept?
    /// The assigning authority's namespace; empty when absent.
    public var system: String
    /// The identifier itself; empty when absent.
    public var value: String
    /// When it was or is valid.
    public var period: Period?
    /// The assigning organisation in words; empty when absent.
    public var assigner: String

    /// An identifier.
    public init(system: String = "", value: String = "", use: Use? = nil, type: CodeableConcept? = nil) {
        self.system = system
        self.value = value
        self.use = use
        self.type = type
        assigner = ""
    }

    /// The first type code of table 0203, or the first code at all; empty when there is none.
    public var typeCode: String {
        guard let codings = type?.codings, let first = codings.first else { return "" }
        guard codings.count > 1, first.system != Self.typeSystem else { return first.code }
        return (codings.first { $0.system == Self.typeSystem } ?? first).code
    }
}

extension Identifier {
    private enum Field: Int, ElementField {
        case system, value, use, type, period, assigner
        static let names: [StaticString] = ["system", "value", "use", "type", "period", "assigner"]
    }

    static func read(_ scanner: inout JSONScanner) throws(JSONFault) -> Identifier {
        var identifier = Identifier()
        var members = try ElementReader<Field>(&scanner)
        while let field = try members.next(&scanner) {
            switch field {
            case .system: identifier.system = try scanner.fhirText()
            case .value: identifier.value = try scanner.fhirText()
            case .use: identifier.use = try scanner.fhirCode(Use.self)
            case .type: identifier.type = try CodeableConcept.read(&scanner)
            case .period: identifier.period = try Period.read(&scanner)
            case .assigner: identifier.assigner = try Reference.read(&scanner).display
            }
        }
        return identifier
    }

    /// Writes the identifier as an object.
    public func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.code("use", use)
        if let type {
            writer.key("type")
            type.write(to: &writer)
        }
        writer.text("system", system)
        writer.text("value", value)
        if let period {
            writer.key("period")
            period.write(to: &writer)
        }
        if !assigner.isEmpty { writer.object("assigner") { $0.member("display", assigner) } }
        writer.endObject()
    }
}

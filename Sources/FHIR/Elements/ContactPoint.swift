public import JSON

/// A way to reach somebody.
public struct ContactPoint: Sendable, Hashable {
    /// How (FHIR R4 value set `contact-point-system`).
    public enum System: String, Sendable, Hashable, CaseIterable {
        /// A telephone.
        case phone
        /// A fax machine.
        case fax
        /// Electronic mail.
        case email
        /// A pager.
        case pager
        /// A web address.
        case url
        /// Text messages only.
        case sms
        /// Something else.
        case other
    }

    /// What for (FHIR R4 value set `contact-point-use`).
    public enum Use: String, Sendable, Hashable, CaseIterable {
        /// At home.
        case home
        /// At work.
        case work
        /// Temporary.
        case temp
        /// No longer in use.
        case old
        /// A device that moves with its owner.
        case mobile
    }

    /// How.
    public var system: System?
    /// The number or address; empty when absent.
    public var value: String
    /// What for.
    public var use: Use?
    /// Preference, 1 the highest.
    public var rank: Int?

    /// A way to reach somebody.
    public init(system: System? = nil, value: String = "", use: Use? = nil, rank: Int? = nil) {
        self.system = system
        self.value = value
        self.use = use
        self.rank = rank
    }
}

extension ContactPoint {
    private enum Field: Int, ElementField {
        case system, value, use, rank
        static let names: [StaticString] = ["system", "value", "use", "rank"]
    }

    static func read(_ scanner: inout JSONScanner) throws(JSONFault) -> ContactPoint {
        var contact = ContactPoint()
        var members = try ElementReader<Field>(&scanner)
        while let field = try members.next(&scanner) {
            switch field {
            case .system: contact.system = try scanner.fhirCode(System.self)
            case .value: contact.value = try scanner.fhirText()
            case .use: contact.use = try scanner.fhirCode(Use.self)
            case .rank: contact.rank = try scanner.fhirPositive()
            }
        }
        return contact
    }

    /// Writes the contact as an object.
    public func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.code("system", system)
        writer.text("value", value)
        writer.code("use", use)
        if let rank {
            writer.key("rank")
            writer.integer(rank)
        }
        writer.endObject()
    }
}

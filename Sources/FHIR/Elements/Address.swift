public import JSON

/// A postal or physical address.
public struct Address: Sendable, Hashable {
    /// What for (FHIR R4 value set `address-use`).
    public enum Use: String, Sendable, Hashable, CaseIterable {
        /// At home.
        case home
        /// At work.
        case work
        /// Temporary.
        case temp
        /// No longer in use.
        case old
        /// For bills.
        case billing
    }

    /// What for.
    public var use: Use?
    /// The whole address as it should be shown; empty when absent.
    public var text: String
    /// Street, house number, village, plot.
    public var line: [String]
    /// City, town or village; empty when absent.
    public var city: String
    /// District or county; empty when absent.
    public var district: String
    /// State, region or province; empty when absent.
    public var state: String
    /// Postal code; empty when absent.
    public var postalCode: String
    /// Country; empty when absent.
    public var country: String
    /// When the address was or is in use.
    public var period: Period?

    /// An address without content.
    public init(use: Use? = nil) {
        self.use = use
        text = ""
        line = []
        city = ""
        district = ""
        state = ""
        postalCode = ""
        country = ""
    }
}

extension Address {
    private enum Field: Int, ElementField {
        case line, city, district, state, postalCode, country, use, text, period
        static let names: [StaticString] = [
            "line", "city", "district", "state", "postalCode", "country", "use", "text", "period",
        ]
    }

    static func read(_ scanner: inout JSONScanner) throws(JSONFault) -> Address {
        var address = Address()
        var members = try ElementReader<Field>(&scanner)
        while let field = try members.next(&scanner) {
            switch field {
            case .line: address.line = try scanner.fhirTexts()
            case .city: address.city = try scanner.fhirText()
            case .district: address.district = try scanner.fhirText()
            case .state: address.state = try scanner.fhirText()
            case .postalCode: address.postalCode = try scanner.fhirText()
            case .country: address.country = try scanner.fhirText()
            case .use: address.use = try scanner.fhirCode(Use.self)
            case .text: address.text = try scanner.fhirText()
            case .period: address.period = try Period.read(&scanner)
            }
        }
        return address
    }

    /// Writes the address as an object.
    public func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.code("use", use)
        writer.text("text", text)
        writer.elements("line", line) { $1.string($0) }
        writer.text("city", city)
        writer.text("district", district)
        writer.text("state", state)
        writer.text("postalCode", postalCode)
        writer.text("country", country)
        if let period {
            writer.key("period")
            period.write(to: &writer)
        }
        writer.endObject()
    }
}

public import JSON

/// A time span, open where a bound is absent.
public struct Period: Sendable, Hashable {
    /// When it began.
    public var start: FHIRDateTime?
    /// When it ended.
    public var end: FHIRDateTime?

    /// A time span.
    public init(start: FHIRDateTime? = nil, end: FHIRDateTime? = nil) {
        self.start = start
        self.end = end
    }
}

extension Period {
    private enum Field: Int, ElementField {
        case start, end
        static let names: [StaticString] = ["start", "end"]
    }

    static func read(_ scanner: inout JSONScanner) throws(JSONFault) -> Period {
        var period = Period()
        var members = try ElementReader<Field>(&scanner)
        while let field = try members.next(&scanner) {
            switch field {
            case .start: period.start = try scanner.fhirDateTime()
            case .end: period.end = try scanner.fhirDateTime()
            }
        }
        return period
    }

    /// Writes the period as an object.
    public func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.text("start", start?.text ?? "")
        writer.text("end", end?.text ?? "")
        writer.endObject()
    }
}

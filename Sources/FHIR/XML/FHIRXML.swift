import JSON

/// Resources as XML: the same resources as in JSON, written the other way (FHIR R4, 2.6.1).
///
///     let json = try FHIRXML.json(from: body)
///     let xml = try FHIRXML.xml(from: json)
///
/// XML does not say whether an element repeats or whether a value is a number; a table of FHIR's types does. Elements
/// that it does not know are refused in XML, since they could not be told the same way in JSON.
public enum FHIRXML {
    /// The namespace of FHIR.
    public static let namespace = "http://hl7.org/fhir"

    /// Reads a resource in XML and writes it as JSON.
    ///
    /// - Throws: `FHIRError` that names the element, or line and column.
    public static func json(from xml: [UInt8]) throws(FHIRError) -> [UInt8] {
        let root = try XMLReader.read(xml)
        var decoding = XMLDecoding(source: xml)
        try decoding.resource(root, at: root.name)
        return decoding.writer.bytes
    }

    /// Reads a resource in JSON and writes it as XML.
    ///
    /// - Throws: `FHIRError` where it is no resource.
    public static func xml(from json: [UInt8]) throws(FHIRError) -> [UInt8] {
        let value: JSONValue
        do throws(JSONError) {
            value = try JSONValue(parsing: json.span.bytes, limits: JSONLimits(bytes: 64 << 20))
        } catch {
            throw FHIRError(.structure, expression: "", reason: "\(error.problem)")
        }
        var encoding = XMLEncoding()
        try encoding.document(value)
        return encoding.bytes
    }
}

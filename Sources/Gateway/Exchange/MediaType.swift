/// The media types that the doors speak.
enum MediaType {
    static let fhirJSON = "application/fhir+json; charset=utf-8"
    static let fhirXML = "application/fhir+xml; charset=utf-8"
    static let fhirNDJSON = "application/fhir+ndjson"
    static let json = "application/json"
    static let problem = "application/problem+json"
    static let ndjson = "application/x-ndjson"
    static let svg = "image/svg+xml; charset=utf-8"
    static let csv = "text/csv; charset=utf-8"
    static let plainText = "text/plain; charset=utf-8"
    /// Prometheus' text format.
    static let prometheus = "text/plain; version=0.0.4; charset=utf-8"
}

/// Turns steps of a scenario into requests of the registry's HTTP interface.
///
/// How a patient is written is given as a closure, so that this room needs no FHIR.
public struct BenchRequestBuilder: Sendable {
    private let patient: @Sendable (SyntheticRecord) throws -> [UInt8]

    /// Makes a builder.
    ///
    /// - Parameter patient: writes a record as a FHIR R4 Patient in JSON, its key among the identifiers.
    public init(patient: @escaping @Sendable (SyntheticRecord) throws -> [UInt8]) {
        self.patient = patient
    }

    /// The request of a step.
    ///
    /// New records are created; a registry knows them again by their identifier, so repeating one changes nothing.
    ///
    /// - Throws: what writing the patient throws.
    public func request(for step: Scenario.Step) throws -> BenchRequest {
        let json = BenchRequest.Header("content-type", "application/fhir+json")
        switch step {
        case .ingest(let record):
            return BenchRequest(
                method: "POST",
                path: "/fhir/Patient",
                headers: [json],
                body: try patient(record)
            )
        case .match(let record):
            return BenchRequest(
                method: "POST",
                path: "/fhir/Patient/$match",
                headers: [json],
                body: BenchRequestBuilder.parameters(patient: try patient(record))
            )
        case .lookup(let record):
            return BenchRequest(method: "GET", path: "/fhir/Patient?identifier=" + BenchRequestBuilder.token(record))
        }
    }

    /// The input of `$match` (FHIR R4, operation patient-match): the patient, and at most ten candidates.
    private static func parameters(patient: [UInt8]) -> [UInt8] {
        var body = Array(#"{"resourceType":"Parameters","parameter":[{"name":"resource","resource":"#.utf8)
        body += patient
        body += Array(#"},{"name":"count","valueInteger":10}]}"#.utf8)
        return body
    }

    /// `system|value`, percent-encoded as a query value.
    private static func token(_ record: SyntheticRecord) -> String {
        percentEncoded(record.source) + "%7C" + percentEncoded(record.recordID)
    }

    private static func percentEncoded(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                bytes.append(byte)
            default: bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

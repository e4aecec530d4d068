internal import Bytes
internal import FHIR
internal import JSON

/// The answer to a feed message: a message itself (PMIR, 3.93.4.2).
struct FeedAnswer: Sendable {
    static let event = "urn:ihe:iti:pmir:2019:patient-feed-response"
    static let definition = "https://profiles.ihe.net/ITI/PMIR/MessageDefinition/IHE.PMIR.MessageDefinitionResponse"

    /// The id of the message that is answered.
    let request: String
    let base: String
    /// What was wrong, of each entry that could not be carried out.
    var faults: [DoorFault] = []

    /// The answer; the same message gets the same bytes.
    func answer(status: Int) -> DoorAnswer {
        let id = Self.id(of: request)
        var header = JSONWriter(capacity: 512)
        header.beginObject()
        header.member("resourceType", "MessageHeader")
        header.member("id", id)
        header.member("eventUri", Self.event)
        header.key("source")
        header.beginObject()
        header.member("endpoint", base)
        header.endObject()
        header.key("response")
        header.beginObject()
        // The standard asks for the identifier; a message that had none is answered by the id that it got here.
        header.member("identifier", request.isEmpty ? id : request)
        header.member("code", code)
        if !faults.isEmpty {
            header.key("details")
            Reference(reference: "OperationOutcome/\(id)").write(to: &header)
        }
        header.endObject()
        header.member("definition", Self.definition)
        header.endObject()
        var bundle = BundleWriter(type: .message, id: id)
        bundle.append(fullURL: "\(base)/MessageHeader/\(id)", resource: header.bytes)
        if !faults.isEmpty {
            let outcome = OperationOutcome(faults.map(\.outcome.issues[0])).encoded()
            let stamped = Array("{\"id\":\"\(id)\",".utf8) + outcome.dropFirst()
            bundle.append(fullURL: "\(base)/OperationOutcome/\(id)", resource: stamped)
        }
        return .resource(bundle.finished(), status: status)
    }

    private var code: String {
        guard let fault = faults.first else { return "ok" }
        return fault.status == 503 || fault.status == 429 ? "transient-error" : "fatal-error"
    }

    /// An id made of the request's, so that the same message gets the same answer.
    private static func id(of request: String) -> String {
        "response-" + String(KeyHash.hash(request, seed: 0x6665_6564), radix: 36)
    }
}

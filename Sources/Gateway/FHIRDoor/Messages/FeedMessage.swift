internal import FHIR
internal import JSON

/// A patient feed message (PMIR ITI-93), taken apart: its header, and what happened to each Patient.
struct FeedMessage: Sendable {
    /// The event that such a message tells.
    static let event = "urn:ihe:iti:pmir:2019:patient-feed"

    /// One thing that happened.
    struct Entry: Sendable {
        var fullURL: String
        var method: HTTPVerb
        var url: String
        /// `Patient`, `RelatedPerson`, …; empty where there is no resource.
        var type: String
        var document: [UInt8]
        /// Where it stands in the message, for faults.
        var place: String
    }

    /// The id of the message's header.
    let id: String
    /// Where it came from.
    let source: String
    let entries: [Entry]

    /// Reads a message bundle.
    ///
    /// - Throws: a 400 or 422 that names what is missing.
    init(_ bundle: Bundle, _ body: [UInt8]) throws(DoorFault) {
        guard bundle.type == .message else { throw DoorFault(422, .value, "a message is needed", at: "Bundle.type") }
        guard let first = bundle.entries.first?.resource, bundle.entries.count > 1 else {
            throw DoorFault(422, .required, "a message holds a header and a history", at: "Bundle.entry")
        }
        let header = try Self.json(Array(body[first.range]), at: "Bundle.entry[0].resource")
        let headerPlace = "Bundle.entry[0].resource"
        guard header["resourceType"]?.string == "MessageHeader" else {
            throw DoorFault(422, .structure, "the first entry must be a MessageHeader", at: headerPlace)
        }
        id = header["id"]?.string ?? ""
        source = header["source"]?["endpoint"]?.string ?? ""
        guard header["eventUri"]?.string == Self.event else {
            throw DoorFault(422, .notSupported, "the event must be \(Self.event)", at: "\(headerPlace).eventUri")
        }
        // An answer to somebody's feed holds what their registry stored, which is nobody's feed to this one.
        guard header["response"] == nil else {
            let detail = "this is the answer to a message: a feed has no response"
            throw DoorFault(422, .notSupported, detail, at: "\(headerPlace).response")
        }
        guard let focus = header["focus"]?.array, focus.count == 1 else {
            throw DoorFault(422, .required, "the header must name one focus", at: "\(headerPlace).focus")
        }
        let place = "Bundle.entry[1].resource"
        guard let second = bundle.entries[1].resource else {
            throw DoorFault(422, .required, "the second entry must be a Bundle of type history", at: place)
        }
        let inner = Array(body[second.range])
        let history: Bundle
        do throws(FHIRError) {
            history = try Bundle(decoding: inner.span.bytes)
        } catch {
            throw DoorFault(error).within(place)
        }
        guard history.type == .history else {
            throw DoorFault(422, .structure, "the second entry must be a Bundle of type history", at: "\(place).type")
        }
        guard !history.entries.isEmpty else {
            throw DoorFault(422, .required, "nothing happened", at: "\(place).entry")
        }
        var entries: [Entry] = []
        for (index, entry) in history.entries.enumerated() {
            entries.append(try Self.entry(entry, inner, at: "\(place).entry[\(index)]"))
        }
        self.entries = entries
    }

    private static func entry(_ entry: BundleEntry, _ bytes: [UInt8], at place: String) throws(DoorFault) -> Entry {
        let document = entry.resource.map { Array(bytes[$0.range]) } ?? []
        var type = ""
        if !document.isEmpty { type = try json(document, at: "\(place).resource")["resourceType"]?.string ?? "" }
        // Systems in the field leave the request out: what is there was stored.
        let method = entry.request?.method ?? .put
        guard method == .delete || !document.isEmpty else {
            throw DoorFault(422, .required, "an entry that is no removal needs its resource", at: "\(place).resource")
        }
        return Entry(
            fullURL: entry.fullURL,
            method: method,
            url: entry.request?.url ?? "",
            type: type,
            document: document,
            place: place
        )
    }

    private static func json(_ bytes: [UInt8], at place: String) throws(DoorFault) -> JSONValue {
        do throws(JSONError) {
            return try JSONValue(parsing: bytes.span.bytes, limits: JSONLimits(bytes: Patient.bytesMax))
        } catch {
            throw DoorFault(error).within(place)
        }
    }
}

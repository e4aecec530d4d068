internal import FHIR

/// The formats of FHIR: what a client may send and what it may ask for.
enum FHIRFormat {
    /// The media types of a resource, the one that is answered first.
    static let mediaTypes = ["application/fhir+json", "application/json", "text/json"]
    /// The versions of FHIR that are spoken.
    static let versions: Set = ["4.0", "4.0.1"]

    /// The media types of a resource in XML.
    static let xmlTypes = ["application/fhir+xml", "application/xml", "text/xml"]

    /// Chooses what the client takes, JSON where it is all the same; `_format` counts more than `Accept`.
    ///
    /// - Returns: whether the answer is to be XML.
    /// - Throws: a 406 where the client takes neither.
    static func wantsXML(_ request: DoorRequest) throws(DoorFault) -> Bool {
        if let format = request.target["_format"] {
            // In a query, the `+` of a media type arrives as a space when it was not escaped.
            let range = ContentNegotiation.Range(format.replacing(" ", with: "+")[...])
            guard speaks(range) else { throw notAcceptable("_format") }
            if range.type == "xml" || xmlTypes.contains(range.type) { return true }
            guard range.type == "json" || mediaTypes.contains(range.type) else { throw notAcceptable("_format") }
            return false
        }
        guard let accept = request.headers.list("accept"), !accept.isEmpty else { return false }
        // What nearly every client sends needs no reading.
        if accept == "*/*" || accept == mediaTypes[0] { return false }
        let known = accept.split(separator: ",").filter { speaks(ContentNegotiation.Range($0)) }.joined(separator: ",")
        // Files of an export are asked for by their own type.
        let offered = mediaTypes + xmlTypes + ["application/fhir+ndjson", "application/ndjson"]
        guard !known.isEmpty, let best = ContentNegotiation.best(known, of: offered) else {
            throw notAcceptable("Accept")
        }
        return xmlTypes.contains(best)
    }

    /// Reads a body that says that it is XML as JSON, so that everything behind the door sees one form.
    ///
    /// - Throws: a 400 or 422 where it is no resource.
    static func readXML(_ request: inout DoorRequest) throws(DoorFault) {
        guard let text = request.headers["content-type"] else { return }
        let range = ContentNegotiation.Range(text[...])
        guard xmlTypes.contains(range.type), speaks(range), !request.body.isEmpty else { return }
        let charset = range.parameters["charset"] ?? "utf-8"
        guard charset == "utf-8" || charset == "us-ascii" else {
            throw DoorFault(415, .notSupported, "the body must be in UTF-8", at: "Content-Type")
        }
        do throws(FHIRError) {
            request.body = try FHIRXML.json(from: request.body)
        } catch {
            throw DoorFault(error)
        }
        request.headers["content-type"] = mediaTypes[0]
    }

    /// Writes an answer as XML where it is a resource.
    static func writeXML(_ answer: inout DoorAnswer) throws(DoorFault) {
        guard answer.headers["content-type"] == MediaType.fhirJSON, !answer.body.isEmpty else { return }
        do throws(FHIRError) {
            answer.body = try FHIRXML.xml(from: answer.body)
        } catch {
            throw DoorFault(500, .exception, "the answer cannot be written as XML")
        }
        answer.headers["content-type"] = MediaType.fhirXML
    }

    /// Checks that the body says that it is JSON; a client that says nothing is taken at its word.
    ///
    /// - Throws: a 415 where it is something else.
    static func requireJSON(_ request: DoorRequest) throws(DoorFault) {
        guard let text = request.headers["content-type"] else { return }
        let range = ContentNegotiation.Range(text[...])
        let charset = range.parameters["charset"] ?? "utf-8"
        guard mediaTypes.contains(range.type), speaks(range), charset == "utf-8" || charset == "us-ascii" else {
            throw DoorFault(
                415,
                .notSupported,
                "the body must be application/fhir+json or application/fhir+xml of FHIR 4.0, in UTF-8",
                at: "Content-Type"
            )
        }
    }

    private static func speaks(_ range: ContentNegotiation.Range) -> Bool {
        range.parameters["fhirversion"].map(versions.contains) ?? true
    }

    private static func notAcceptable(_ place: String) -> DoorFault {
        let detail = "answers are application/fhir+json or application/fhir+xml of FHIR 4.0"
        return DoorFault(406, .notSupported, detail, at: place)
    }
}

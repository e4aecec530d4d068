internal import FHIR

/// The formats of FHIR: what a client may send and what it may ask for.
enum FHIRFormat {
    /// The media types of a resource, the one that is answered first.
    static let mediaTypes = ["application/fhir+json", "application/json", "text/json"]
    /// The versions of FHIR that are spoken.
    static let versions: Set = ["4.0", "4.0.1"]

    /// Checks that the client takes JSON; `_format` counts more than `Accept`.
    ///
    /// - Throws: a 406 where it does not.
    static func requireAcceptable(_ request: DoorRequest) throws(DoorFault) {
        if let format = request.target["_format"] {
            // In a query, the `+` of a media type arrives as a space when it was not escaped.
            let range = ContentNegotiation.Range(format.replacing(" ", with: "+")[...])
            guard range.type == "json" || mediaTypes.contains(range.type), speaks(range) else { throw notAcceptable }
            return
        }
        guard let accept = request.headers.list("accept"), !accept.isEmpty else { return }
        let known = accept.split(separator: ",").filter { speaks(ContentNegotiation.Range($0)) }.joined(separator: ",")
        guard !known.isEmpty, ContentNegotiation.best(known, of: mediaTypes) != nil else { throw notAcceptable }
    }

    /// Checks that the body says that it is JSON; a client that says nothing is taken at its word.
    ///
    /// - Throws: a 415 where it is something else.
    static func requireJSON(_ request: DoorRequest) throws(DoorFault) {
        guard let text = request.headers["content-type"] else { return }
        let range = ContentNegotiation.Range(text[...])
        let charset = range.parameters["charset"] ?? "utf-8"
        guard mediaTypes.contains(range.type), speaks(range), charset == "utf-8" || charset == "us-ascii" else {
            throw DoorFault(415, .notSupported, "the body must be application/fhir+json of FHIR 4.0 in UTF-8")
        }
    }

    private static func speaks(_ range: ContentNegotiation.Range) -> Bool {
        range.parameters["fhirversion"].map(versions.contains) ?? true
    }

    private static let notAcceptable = DoorFault(406, .notSupported, "answers are application/fhir+json of FHIR 4.0")
}

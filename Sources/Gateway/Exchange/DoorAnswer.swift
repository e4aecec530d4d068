/// An answer as the doors make it.
struct DoorAnswer: Sendable {
    /// The status code.
    var status: Int
    /// The header fields, `content-length` left to the wire.
    var headers: DoorFields
    /// The body.
    var body: [UInt8]

    init(status: Int, headers: DoorFields = DoorFields(), body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// A body of a media type.
    static func content(_ mediaType: String, _ body: [UInt8], status: Int = 200) -> DoorAnswer {
        DoorAnswer(status: status, headers: ["content-type": mediaType], body: body)
    }

    /// A FHIR resource.
    static func resource(_ body: [UInt8], status: Int = 200) -> DoorAnswer {
        content(MediaType.fhirJSON, body, status: status)
    }

    /// A native document.
    static func json(_ body: [UInt8], status: Int = 200) -> DoorAnswer {
        content(MediaType.json, body, status: status)
    }
}

/// What a client wants back from a write (`Prefer: return=…`).
enum ReturnPreference: String, Sendable {
    /// Headers only.
    case minimal
    /// The resource as it stands.
    case representation
    /// What happened, in words.
    case operationOutcome = "OperationOutcome"

    /// Reads the preference of a request; `nil` where it has none, or one that nobody knows.
    init?(_ request: DoorRequest) {
        guard let text = request.headers.list("prefer") else { return nil }
        let wishes = text.split { $0 == "," || $0 == ";" }.map(ContentNegotiation.trimmed)
        guard let wish = wishes.first(where: { $0.hasPrefix("return=") }),
            let preference = ReturnPreference(rawValue: String(wish.dropFirst("return=".count)))
        else { return nil }
        self = preference
    }
}

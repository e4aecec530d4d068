/// `GET /health/live`: the process answers; where it does not, restart it.
enum HealthLive {
    static let route = Route(
        "health.live",
        .operations,
        "GET",
        "/health/live",
        access: .open,
        "Answers 200 as long as the process runs.",
        answer: answer
    )

    private static func answer(_ call: DoorCall) async throws(DoorFault) -> DoorAnswer {
        .content(MediaType.plainText, Array("alive\n".utf8))
    }
}

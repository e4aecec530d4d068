/// The native interface under `/api/v1`: JSON for programs that speak of records, persons and links.
enum NativeDoor {
    static let base = "/api/v1"

    /// Its interactions; each is a file of this folder.
    static let routes: [Route] = [
        PersonRead.route, PersonHistory.route, RecordRead.route, Explain.route, Changes.route, Reviews.route,
        ClaimReview.route,
        ClaimReview.releaseRoute, Decide.route, Decide.previewRoute, Decide.approveRoute, Decide.declineRoute,
        Decisions.route, Decisions.readRoute,
        ClusterRead.route, ClusterEvents.route, ClusterMoves.read, ClusterMoves.change, ClusterKeeping.backups,
        ClusterKeeping.changeBackups, ClusterKeeping.scrub, ClusterKeeping.beginScrub, Rules.list, Rules.put,
        Rules.read, Rules.change, Links.route,
        Subscriptions.route, SubscriptionLetters.list, SubscriptionLetters.replay, SubscriptionLetters.discard,
        FormerGoldens.route, LoadDoor.route, OpenAPI.route,
    ]
}

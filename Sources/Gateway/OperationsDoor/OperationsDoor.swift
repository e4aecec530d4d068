/// What operators and their machines ask: is it alive, is it ready, how is it doing.
enum OperationsDoor {
    static let routes: [Route] = [HealthLive.route, HealthReady.route, MetricsRead.route]
}

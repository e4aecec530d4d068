/// All interactions as data: requests are dispatched by it, and the interface's descriptions are derived from it.
struct RouteTable: Sendable {
    /// What a method and a path lead to.
    enum Finding: Sendable {
        case route(Route, path: [String])
        /// The path is known, the method is not; these would be.
        case otherMethods([String])
        case nothing
    }

    let routes: [Route]
    /// The patterns and their routes, most words first, so that `Patient/$match` is found before `Patient/{id}`.
    private let ordered: [Route]

    init(_ routes: [Route]) {
        self.routes = routes
        ordered = routes.enumerated().sorted { left, right in
            (right.element.pattern.words, left.offset) < (left.element.pattern.words, right.offset)
        }.map(\.element)
    }

    /// Every door of the registry.
    static let all = RouteTable(FHIRDoor.routes + NativeDoor.routes + OpenCRDoor.routes + OperationsDoor.routes)

    /// The doors that an operator opened.
    static func open(_ configuration: GatewayConfiguration) -> RouteTable {
        configuration.speaksOpenCR ? all : RouteTable(all.routes.filter { $0.door != .openCR })
    }

    /// Finds the route of a request; HEAD is a GET whose body stays behind.
    func find(_ method: String, _ segments: [String]) -> Finding {
        let method = method == "HEAD" ? "GET" : method
        var allowed: [String] = []
        var words = 0
        for route in ordered {
            // A pattern with fewer words is another resource: its methods say nothing about this one.
            guard allowed.isEmpty || route.pattern.words == words, let path = route.pattern.match(segments) else {
                continue
            }
            if route.method == method { return .route(route, path: path) }
            words = route.pattern.words
            allowed.append(route.method)
            if route.method == "GET" { allowed.append("HEAD") }
        }
        return allowed.isEmpty ? .nothing : .otherMethods(allowed.sorted())
    }
}

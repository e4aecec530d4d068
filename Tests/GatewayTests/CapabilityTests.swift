import JSON
import Testing

@testable import Gateway

/// The descriptions that are derived from the routing table.
struct CapabilityTests {
    @Test("The CapabilityStatement says what the routes do")
    func metadata() async throws {
        let answer = await DoorFixture().send("GET", "/fhir/metadata")
        #expect(answer.status == 200)
        #expect(try GoldenAnswer.difference(answer.body, "capability-statement.json") == nil)
    }

    @Test("The OpenAPI document describes every native route")
    func openAPI() async throws {
        let answer = await DoorFixture().send("GET", "/api/v1/openapi.json")
        #expect(answer.status == 200)
        #expect(try GoldenAnswer.difference(answer.body, "openapi.json") == nil)
        for route in RouteTable.all.routes where route.door != .fhir && route.door != .openCR {
            #expect(answer.json["paths"]?[route.pattern.text]?[route.method.lowercased()] != nil)
        }
    }

    @Test("No two routes answer the same request, names are unique, every route is found by its own pattern")
    func routes() {
        let routes = RouteTable.all.routes
        #expect(Set(routes.map(\.name)).count == routes.count)
        for route in routes {
            let segments = route.pattern.text.split(separator: "/").map { $0.hasPrefix("{") ? "x" : String($0) }
            guard case .route(let found, let path) = RouteTable.all.find(route.method, segments) else {
                Issue.record("\(route.name) is not found")
                continue
            }
            #expect(found.name == route.name)
            #expect(path.count == route.pattern.names.count)
        }
    }

    @Test(
        "Formats are negotiated",
        arguments: [
            ("", "", 200), ("*/*", "", 200), ("application/*;q=0.5", "", 200), ("text/html, */*;q=0.1", "", 200),
            ("application/json", "", 200), ("application/fhir+json; fhirVersion=4.0", "", 200),
            ("application/fhir+json; fhirVersion=3.0", "", 406), ("text/html", "", 406),
            ("application/fhir+xml", "", 200), ("application/fhir+xml", "json", 200), ("", "xml", 200),
            ("", "application/fhir+json", 200), ("", "text/turtle", 406), ("application/json;q=0", "", 406),
            ("application/fhir+xml, application/fhir+json;q=0.2", "", 200),
        ]
    )
    func formats(accept: String, format: String, status: Int) async {
        let headers = accept.isEmpty ? [:] : ["accept": accept]
        let path = "/fhir/metadata" + (format.isEmpty ? "" : "?_format=\(format)")
        let answer = await DoorFixture().send("GET", path, "", headers)
        #expect(answer.status == status)
    }
}

import JSON
import Telemetry

@testable import Gateway

/// Doors to a fake registry, and short ways to knock at them.
struct DoorFixture {
    let registry = FakeRegistry()
    let metrics = MetricsRegistry()
    let gateway: Gateway

    init(_ change: (inout GatewayConfiguration) -> Void = { _ in }) {
        var configuration = GatewayConfiguration()
        configuration.publicBase = "https://registry.example"
        change(&configuration)
        gateway = Gateway(registry: registry, configuration: configuration, metrics: metrics)
    }

    /// Sends a request; bodies under `/fhir` are FHIR unless the headers say otherwise.
    @discardableResult
    func send(
        _ method: String,
        _ path: String,
        _ body: String = "",
        _ headers: [String: String] = [:]
    ) async -> DoorAnswer {
        await send(method, path, Array(body.utf8), headers)
    }

    func send(
        _ method: String,
        _ path: String,
        _ body: [UInt8],
        _ headers: [String: String] = [:]
    ) async -> DoorAnswer {
        var fields = DoorFields()
        for (name, value) in headers.sorted(by: { $0.key < $1.key }) { fields.add(name, value) }
        if !body.isEmpty, fields["content-type"] == nil {
            fields["content-type"] = path.hasPrefix("/fhir") ? "application/fhir+json" : "application/json"
        }
        do throws(DoorFault) {
            let target = try RequestTarget(parsing: path)
            return await gateway.answer(DoorRequest(method: method, target: target, headers: fields, body: body))
        } catch {
            return Gateway.answer(to: error, door: path.hasPrefix("/fhir") ? .fhir : .native)
        }
    }
}

extension DoorAnswer {
    /// The body as a JSON value; `null` where it is none.
    var json: JSONValue { (try? JSONValue(parsing: body.span.bytes)) ?? .null }
    /// The body as text.
    var text: String { String(decoding: body, as: UTF8.self) }
    /// The code of the first issue of an OperationOutcome.
    var issue: String? { json["issue"]?[0]?["code"]?.string }
    /// Where the first issue lies.
    var expression: String? { json["issue"]?[0]?["expression"]?[0]?.string }
}

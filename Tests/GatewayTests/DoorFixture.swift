import Foundation
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

/// Patients of a small clinic.
enum Sample {
    /// A Patient under `urn:clinic|value`.
    static func patient(
        _ value: String,
        family: String = "Okello",
        birthDate: String = "1980-02-29",
        id: String? = nil,
        more: String = ""
    ) -> String {
        let idMember = id.map { "\"id\":\"\($0)\"," } ?? ""
        return """
            {"resourceType":"Patient",\(idMember)"identifier":[{"system":"urn:clinic","value":"\(value)"}],\
            "name":[{"family":"\(family)","given":["Akinyi"]}],"gender":"female","birthDate":"\(birthDate)"\(more)}
            """
    }
}

/// Answers that are kept as files and compared byte by byte.
enum Golden {
    /// Compares an answer, laid out for reading, with `Tests/Golden/gateway/NAME`.
    ///
    /// With `TESSERA_REWRITE` in the environment the file is written anew first; look at what changed before keeping it.
    ///
    /// - Returns: what differs, or `nil`.
    static func difference(_ answer: [UInt8], _ name: String) throws -> String? {
        let value = try JSONValue(parsing: answer.span.bytes)
        let text = String(decoding: value.serialised(pretty: true), as: UTF8.self) + "\n"
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Golden/gateway")
        let file = folder.appending(path: name)
        if ProcessInfo.processInfo.environment["TESSERA_REWRITE"] != nil {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
        let kept = (try? String(contentsOf: file, encoding: .utf8)) ?? "(no file)"
        return kept == text ? nil : "\(name) differs:\n\(text)"
    }
}

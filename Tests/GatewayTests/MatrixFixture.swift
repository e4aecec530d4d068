import Access
import Coordinator
import Entrance
import Identifiers
import JSON
import Testing
import Transport

@testable import Gateway

/// Doors with a guard, two records of one person in two sources, and a client for every role and view.
struct MatrixFixture {
    /// A client of one role.
    struct Client: Sendable, CustomTestStringConvertible {
        let name: String
        let role: Role?
        let view: View
        var testDescription: String { name }
    }

    /// Every role with every view, and somebody who shows nothing.
    static let clients: [Client] =
        [Client(name: "nobody", role: nil, view: .everything)]
        + Role.allCases.flatMap { role in
            View.allCases.map { Client(name: "\(role.rawValue)-\($0.rawValue)", role: role, view: $0) }
        }

    let registry = FakeRegistry()
    let gateway: Gateway

    static let own = RecordKey(source: "urn:own", value: "1")
    static let other = RecordKey(source: "urn:other", value: "1")
    /// Whom both records are about; the given names tell the records apart.
    static let secrets = ["Sekretova", "1980-02-03", "Ownsecret", "Othersecret"]

    init() async throws {
        let policy = try AccessPolicy(
            clients: Self.clients.compactMap { client in
                guard let role = client.role else { return nil }
                return AccessClient(
                    name: client.name,
                    marks: [.commonName(client.name)],
                    roles: [role],
                    writes: .listed(["urn:own"]),
                    sees: client.view
                )
            }
        )
        var configuration = GatewayConfiguration()
        configuration.publicBase = "https://registry.example"
        configuration.speaksOpenCR = true
        gateway = Gateway(registry: registry, configuration: configuration, entrance: Entrance(policy))
        let open = Gateway(registry: registry, configuration: configuration)
        for key in [Self.own, Self.other] {
            let target = try RequestTarget(parsing: "/fhir/Patient")
            _ = await open.answer(DoorRequest(method: "POST", target: target, body: Array(Self.patient(key).utf8)))
        }
    }

    static func patient(_ key: RecordKey, id: Bool = false) -> String {
        let given = key == own ? "Ownsecret" : "Othersecret"
        let member = id ? "\"id\":\"\(key.id)\"," : ""
        return """
            {"resourceType":"Patient",\(member)"identifier":[{"system":"\(key.source)","value":"\(key.value)"}],\
            "name":[{"family":"Sekretova","given":["\(given)"]}],"gender":"female","birthDate":"1980-02-03"}
            """
    }

    /// The golden identifier of the person.
    var golden: String {
        get async throws { try await registry.record(Self.own)?.golden?.description ?? "" }
    }

    /// Sends a request as a client.
    func send(_ client: Client, _ request: MatrixRequest) async throws -> DoorAnswer {
        var fields = DoorFields()
        for (name, value) in request.headers.sorted(by: { $0.key < $1.key }) { fields.add(name, value) }
        let target = try RequestTarget(parsing: request.path)
        var sent = DoorRequest(method: request.method, target: target, headers: fields, body: Array(request.body.utf8))
        if client.role != nil {
            let certificate = PeerInfo.Certificate(
                subject: "CN=\(client.name)",
                commonName: client.name,
                alternativeNames: [],
                fingerprint: ""
            )
            sent.credentials = Credentials(PeerInfo(address: "10.0.0.1:9", isEncrypted: true, certificate: certificate))
        }
        return await gateway.answer(sent)
    }
}

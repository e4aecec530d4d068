import Access
import Coordinator
import Identifiers
import JSON
import Testing

@testable import Gateway

/// Every route x every role and view x the client's own and another's source, against a table of its own.
@Suite("Authorization matrix")
struct MatrixTests {
    @Test("The table knows every route")
    func complete() {
        let known = Set(MatrixRequest.all(MatrixFixture.own, golden: "x").map(\.route))
        #expect(Set(RouteTable.all.routes.map(\.name)) == known)
    }

    /// The status of the one entry of a batch, of the one line of a load, or of the answer itself.
    private func status(_ answer: DoorAnswer, _ request: MatrixRequest) -> Int {
        if request.route == "fhir.bundle", answer.status == 200 {
            let text = answer.json["entry"]?[0]?["response"]?["status"]?.string ?? ""
            return Int(text.prefix(3)) ?? 0
        }
        if request.route == "native.load", answer.status == 200 {
            return answer.text.contains("\"error\"") ? (answer.text.contains("forbidden") ? 403 : 500) : 200
        }
        return answer.status
    }

    @Test("Nobody does what their role does not allow, and everybody what it does", arguments: MatrixFixture.clients)
    func roles(client: MatrixFixture.Client) async throws {
        for key in [MatrixFixture.own, MatrixFixture.other] {
            let golden = try await MatrixFixture().golden
            for request in MatrixRequest.all(key, golden: golden) {
                let fixture = try await MatrixFixture()
                let answer = try await fixture.send(client, request)
                let status = status(answer, request)
                let place = "\(client.name) \(request.route) \(key.source): \(status) \(answer.text.prefix(200))"
                guard let needed = request.permission else {
                    #expect(status != 401 && status != 403, "\(place)")
                    continue
                }
                guard let role = client.role else {
                    #expect(
                        status == 401 && answer.headers["www-authenticate"] == "Bearer realm=\"tessera\"",
                        "\(place)"
                    )
                    continue
                }
                guard role.permissions.contains(needed) else {
                    #expect(status == 403, "\(place)")
                    continue
                }
                checkAllowed(client, request, key, status, place)
            }
        }
    }

    /// What becomes of what the role allows: it depends on whose the record is and on what may be seen.
    private func checkAllowed(
        _ client: MatrixFixture.Client,
        _ request: MatrixRequest,
        _ key: RecordKey,
        _ status: Int,
        _ place: String
    ) {
        let isOwn = key == MatrixFixture.own
        if request.permission == .write, request.isAboutRecord {
            if isOwn {
                // The merge of a record with itself is refused for that, after it was let in.
                #expect(
                    request.route == "fhir.patient.merge" ? status == 400 : (200..<300).contains(status),
                    "\(place)"
                )
            } else {
                let hidden = client.view == .own ? [403, 404, 400, 204] : [403, 400]
                #expect(hidden.contains(status), "\(place)")
            }
            return
        }
        if request.route == "native.explain", client.view != .everything {
            #expect(status == (client.view == .own ? 404 : 403), "\(place)")
            return
        }
        if request.isAboutRecord, !isOwn, client.view == .own {
            // A search finds nothing, everything else is not there.
            #expect(status == (request.route.hasPrefix("fhir.patient.search") ? 200 : 404), "\(place)")
            return
        }
        #expect(status != 401 && status != 403 && status != 500, "\(place)")
    }

    @Test("No answer on any way holds what its client may not see", arguments: MatrixFixture.clients)
    func secrets(client: MatrixFixture.Client) async throws {
        guard client.view != .everything else { return }
        for key in [MatrixFixture.own, MatrixFixture.other] {
            let golden = try await MatrixFixture().golden
            for request in MatrixRequest.all(key, golden: golden)
            where request.permission != .write || key == MatrixFixture.own {
                let fixture = try await MatrixFixture()
                let text = try await fixture.send(client, request).text
                let hidden = client.view == .identifiers ? MatrixFixture.secrets : ["Othersecret", "urn:other"]
                // What the request itself says may be said back.
                for secret in hidden where !request.body.contains(secret) && !request.path.contains(secret) {
                    #expect(!text.contains(secret), "\(client.name) \(request.route): \(secret) in \(text.prefix(300))")
                }
                if client.view == .identifiers, request.permission == .read {
                    for secret in MatrixFixture.secrets {
                        #expect(
                            !text.contains(secret),
                            "\(client.name) \(request.route): \(secret) in \(text.prefix(300))"
                        )
                    }
                }
            }
        }
    }

    @Test("A write of another's record leaves it as it was", arguments: MatrixFixture.clients)
    func untouched(client: MatrixFixture.Client) async throws {
        let fixture = try await MatrixFixture()
        let golden = try await fixture.golden
        let before = try await fixture.registry.record(MatrixFixture.other)
        for request in MatrixRequest.all(MatrixFixture.other, golden: golden) where request.permission == .write {
            _ = try await fixture.send(client, request)
        }
        let after = try await fixture.registry.record(MatrixFixture.other)
        #expect(after?.version == before?.version && after?.document == before?.document && after?.deleted == false)
    }

    @Test("Who sees identifiers only changes a record by a patch without losing what they do not see")
    func patch() async throws {
        let fixture = try await MatrixFixture()
        let client = MatrixFixture.Client(name: "submitter-identifiers", role: .submitter, view: .identifiers)
        let patch = MatrixRequest.all(MatrixFixture.own, golden: "x").first { $0.route == "fhir.patient.patch" }
        let answer = try await fixture.send(client, try #require(patch))
        #expect(answer.status == 200 && !answer.text.contains("Sekretova"))
        let stored = try await fixture.registry.record(MatrixFixture.own)
        let text = String(decoding: stored?.document ?? [], as: UTF8.self)
        #expect(text.contains("Ownsecret") && text.contains("male") && text.contains("1980-02-03"))
    }

    @Test("Who sees identifiers only cannot find out the rest by searching for it")
    func oracle() async throws {
        let fixture = try await MatrixFixture()
        let client = MatrixFixture.Client(name: "reader-identifiers", role: .reader, view: .identifiers)
        for query in [
            "family=Sekretova", "birthdate=1980-02-03", "_id=x&gender=female", "_sort=family", "name:contains=S",
        ] {
            let request = MatrixRequest(route: "", method: "GET", path: "/fhir/Patient?\(query)", permission: .read)
            #expect(try await fixture.send(client, request).status == 403, "\(query)")
        }
    }
}

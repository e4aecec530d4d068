@testable import Coordinator
import Identifiers
import ShardProtocol
import Testing

@testable import Gateway

/// Health, metrics, and what happens under too much load.
struct OperationsDoorTests {
    @Test("A live process is live; it is ready where it leads and every shard answers")
    func health() async {
        let doors = DoorFixture()
        #expect(await doors.send("GET", "/health/live").status == 200)
        #expect(await doors.send("GET", "/health/ready").text == "ready\n")
        var status = FakeRegistry.healthy
        status.leading = false
        status.reason = "another coordinator leads"
        status.shards.append(.init(id: ShardID(1), slots: 0, status: .failure(.diskFull)))
        await doors.registry.setStatus(status)
        let answer = await doors.send("GET", "/health/ready")
        #expect(answer.status == 503)
        #expect(answer.text == "not ready: another coordinator leads; shard-2 the disk is full\n")
        #expect(await doors.send("GET", "/health/live").status == 200)
    }

    @Test("Where the rules take records while a shard is silent, one that is makes nobody unready")
    func readyBesideSilence() async {
        let doors = DoorFixture()
        var status = FakeRegistry.healthy
        status.shards.append(.init(id: ShardID(1), slots: 0, status: .failure(.timeout)))
        await doors.registry.setStatus(status)
        #expect(await doors.send("GET", "/health/ready").status == 503)
        status.takesUnsearched = true
        await doors.registry.setStatus(status)
        #expect(await doors.send("GET", "/health/ready").status == 200)
        status.shards.removeFirst()
        await doors.registry.setStatus(status)
        #expect(await doors.send("GET", "/health/ready").status == 503, "nobody answers")
    }

    @Test("Metrics count requests, writes and the state of the cluster")
    func metrics() async {
        let doors = DoorFixture()
        await doors.send("POST", "/fhir/Patient", Sample.patient("1"))
        await doors.send("POST", "/fhir/Patient", Sample.patient("1", family: "B"))
        await doors.send("GET", "/fhir/Patient/nope")
        await doors.send("POST", "/fhir/Patient/$match", Sample.patient("2"))
        await doors.send("GET", "/somewhere/else")
        let answer = await doors.send("GET", "/metrics")
        #expect(answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
        for line in [
            "tessera_http_requests_total{route=\"fhir.patient.create\",status=\"201\"} 1",
            "tessera_http_requests_total{route=\"fhir.patient.create\",status=\"200\"} 1",
            "tessera_http_requests_total{route=\"fhir.patient.read\",status=\"404\"} 1",
            "tessera_http_requests_total{route=\"unrouted\",status=\"404\"} 1",
            "tessera_http_request_duration_seconds_count{route=\"fhir.patient.match\"} 1",
            "tessera_http_requests_in_flight 1", "tessera_records_stored_total{result=\"created\"} 1",
            "tessera_records_stored_total{result=\"updated\"} 1", "tessera_match_duration_seconds_count 1",
            "tessera_search_cost_sum{step=\"postings\"} 3", "tessera_cluster_leading 1", "tessera_cluster_epoch 3",
            "tessera_shard_up{shard=\"shard-1\"} 1", "tessera_shard_rows{shard=\"shard-1\",table=\"home\"} 0",
        ] {
            #expect(answer.text.contains(line + "\n"), "\(line)")
        }
        #expect(!answer.text.contains("urn:clinic"))
    }

    @Test("Past the limit requests are turned away with Retry-After, health and metrics are not")
    func overload() async {
        let doors = DoorFixture { $0.limits.requestsInFlight = 0 }
        let answer = await doors.send("GET", "/fhir/metadata")
        #expect(answer.status == 503)
        #expect(answer.headers["retry-after"] == "1")
        #expect(answer.issue == "transient")
        #expect(await doors.send("GET", "/health/ready").status == 200)
        #expect((await doors.send("GET", "/metrics")).text.contains("tessera_http_requests_overloaded_total 1\n"))
    }

    @Test("Operators' orders have room of their own")
    func operators() async {
        let doors = DoorFixture { $0.limits.requestsInFlight = 0 }
        #expect(await doors.send("GET", "/api/v1/cluster/moves").status == 200)
        let full = DoorFixture {
            $0.limits.requestsInFlight = 0
            $0.limits.operatorRequestsInFlight = 0
        }
        #expect(await full.send("GET", "/api/v1/cluster/moves").status == 503)
    }

    @Test("The caller's request id comes back, cut to a sane length")
    func requestID() async {
        let doors = DoorFixture()
        #expect(await doors.send("GET", "/health/live", "", ["x-request-id": "abc"]).headers["x-request-id"] == "abc")
        let long = String(repeating: "x", count: 5_000)
        let answer = await doors.send("GET", "/nowhere", "", ["x-request-id": long])
        #expect(answer.headers["x-request-id"]?.count == 128)
    }

    @Test("Dates of header fields are written as RFC 9110 wants them")
    func dates() {
        #expect(HTTPDate.text(milliseconds: 784_111_777_000) == "Sun, 06 Nov 1994 08:49:37 GMT")
        #expect(HTTPDate.text(milliseconds: 0) == "Thu, 01 Jan 1970 00:00:00 GMT")
        #expect(HTTPDate.text(milliseconds: UInt64.max).hasSuffix("GMT"))
    }
}

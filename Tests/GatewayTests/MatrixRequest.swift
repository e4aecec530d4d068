import Access
import Identifiers

@testable import Gateway

/// A request to a route about a record, and what an independent table says of who may send it.
struct MatrixRequest: Sendable {
    let route: String
    let method: String
    let path: String
    var body = ""
    var headers: [String: String] = [:]
    /// Who may; `nil`: everybody.
    let permission: Permission?
    /// Whether it is about one record, so that it matters whose that is.
    var isAboutRecord = true

    /// The requests of every route about a record.
    static func all(_ key: RecordKey, golden: String) -> [MatrixRequest] {
        fhir(key, golden) + bulk(key) + imports + stewards(key) + native(key, golden) + openCR(key) + letters
            + operations
    }

    private static func fhir(_ key: RecordKey, _ golden: String) -> [MatrixRequest] {
        writes(key) + reads(key) + subscriptions + [
            .init(
                route: "fhir.audit.search",
                method: "GET",
                path: "/fhir/AuditEvent",
                permission: .audit,
                isAboutRecord: false
            ),
            .init(
                route: "fhir.audit.read",
                method: "GET",
                path: "/fhir/AuditEvent/1",
                permission: .audit,
                isAboutRecord: false
            ),
            .init(route: "fhir.metadata", method: "GET", path: "/fhir/metadata", permission: nil, isAboutRecord: false),
            .init(
                route: "fhir.smart",
                method: "GET",
                path: "/fhir/.well-known/smart-configuration",
                permission: nil,
                isAboutRecord: false
            ),
            bundle(key, "POST", "Patient", MatrixFixture.patient(key), .write),
            bundle(key, "GET", "Patient/\(key.id)", "", .read),
        ]
    }

    private static let subscriptions: [MatrixRequest] = [
        .init(
            route: "fhir.subscription.create",
            method: "POST",
            path: "/fhir/Subscription",
            body: #"{"resourceType":"Subscription","status":"requested","criteria":"Patient?_id=x","#
                + #""channel":{"type":"rest-hook","endpoint":"http://127.0.0.1:1/x"}}"#,
            headers: json,
            permission: .read,
            isAboutRecord: false
        ),
        .init(
            route: "fhir.subscription.search",
            method: "GET",
            path: "/fhir/Subscription",
            permission: .read,
            isAboutRecord: false
        ),
        .init(
            route: "fhir.subscription.read",
            method: "GET",
            path: "/fhir/Subscription/x",
            permission: .read,
            isAboutRecord: false
        ),
        .init(
            route: "fhir.subscription.update",
            method: "PUT",
            path: "/fhir/Subscription/x",
            body: #"{"resourceType":"Subscription"}"#,
            headers: json,
            permission: .read,
            isAboutRecord: false
        ),
        .init(
            route: "fhir.subscription.delete",
            method: "DELETE",
            path: "/fhir/Subscription/x",
            permission: .read,
            isAboutRecord: false
        ),
        .init(
            route: "fhir.subscription.status",
            method: "GET",
            path: "/fhir/Subscription/x/$status",
            permission: .read,
            isAboutRecord: false
        ),
        .init(
            route: "fhir.subscription.events",
            method: "GET",
            path: "/fhir/Subscription/x/$events",
            permission: .read,
            isAboutRecord: false
        ),
    ]

    private static let json = ["content-type": "application/fhir+json"]

    private static func writes(_ key: RecordKey) -> [MatrixRequest] {
        let id = key.id.description
        let token = "\(key.source)%7C\(key.value)"
        let patient = MatrixFixture.patient(key)
        let changed = MatrixFixture.patient(key, id: true)
        return [
            .init(
                route: "fhir.patient.create",
                method: "POST",
                path: "/fhir/Patient",
                body: patient,
                headers: json,
                permission: .write
            ),
            .init(
                route: "fhir.patient.update",
                method: "PUT",
                path: "/fhir/Patient/\(id)",
                body: changed,
                headers: json,
                permission: .write
            ),
            .init(
                route: "fhir.patient.conditional-update",
                method: "PUT",
                path: "/fhir/Patient?identifier=\(token)",
                body: patient,
                headers: json,
                permission: .write
            ),
            .init(
                route: "fhir.patient.patch",
                method: "PATCH",
                path: "/fhir/Patient/\(id)",
                body: "[{\"op\":\"replace\",\"path\":\"/gender\",\"value\":\"male\"}]",
                headers: ["content-type": "application/json-patch+json"],
                permission: .write
            ),
            .init(
                route: "fhir.patient.merge",
                method: "POST",
                path: "/fhir/Patient/$merge",
                body: merge(key),
                headers: json,
                permission: .write
            ),
            .init(
                route: "fhir.process-message",
                method: "POST",
                path: "/fhir/$process-message",
                body: message(key),
                headers: json,
                permission: .write
            ),
            .init(
                route: "fhir.patient.conditional-delete",
                method: "DELETE",
                path: "/fhir/Patient?identifier=\(token)",
                permission: .write
            ),
            .init(route: "fhir.patient.delete", method: "DELETE", path: "/fhir/Patient/\(id)", permission: .write),
        ]
    }

    /// A record that is to take its own place: refused, but only once it was let in.
    private static func merge(_ key: RecordKey) -> String {
        let reference = "{\"system\":\"\(key.source)\",\"value\":\"\(key.value)\"}"
        return """
            {"resourceType":"Parameters","parameter":[\
            {"name":"source-patient-identifier","valueIdentifier":\(reference)},\
            {"name":"target-patient-identifier","valueIdentifier":\(reference)}]}
            """
    }

    private static func reads(_ key: RecordKey) -> [MatrixRequest] {
        let id = key.id.description
        let token = "\(key.source)%7C\(key.value)"
        let pix = """
            {"resourceType":"Parameters","parameter":[\
            {"name":"sourceIdentifier","valueString":"\(key.source)|\(key.value)"}]}
            """
        return [
            .init(route: "fhir.patient.read", method: "GET", path: "/fhir/Patient/\(id)", permission: .read),
            .init(
                route: "fhir.patient.vread",
                method: "GET",
                path: "/fhir/Patient/\(id)/_history/1",
                permission: .read
            ),
            .init(
                route: "fhir.patient.history",
                method: "GET",
                path: "/fhir/Patient/\(id)/_history",
                permission: .read
            ),
            .init(
                route: "fhir.patient.search",
                method: "GET",
                path: "/fhir/Patient?identifier=\(token)",
                permission: .read
            ),
            .init(
                route: "fhir.patient.search-form",
                method: "POST",
                path: "/fhir/Patient/_search",
                body: "identifier=\(token)",
                headers: ["content-type": "application/x-www-form-urlencoded"],
                permission: .read
            ),
            .init(
                route: "fhir.patient.match",
                method: "POST",
                path: "/fhir/Patient/$match",
                body:
                    "{\"resourceType\":\"Patient\",\"name\":[{\"family\":\"Sekretova\"}],\"birthDate\":\"1980-02-03\"}",
                headers: json,
                permission: .read,
                isAboutRecord: false
            ),
            .init(
                route: "fhir.patient.ihe-pix",
                method: "GET",
                path: "/fhir/Patient/$ihe-pix?sourceIdentifier=\(token)",
                permission: .read
            ),
            .init(
                route: "fhir.patient.ihe-pix-form",
                method: "POST",
                path: "/fhir/Patient/$ihe-pix",
                body: pix,
                headers: json,
                permission: .read
            ),
        ]
    }

    /// A batch of one entry: whoever was let in may send it, the entry needs what it needs by itself.
    private static func bundle(
        _ key: RecordKey,
        _ method: String,
        _ url: String,
        _ resource: String,
        _ permission: Permission
    ) -> MatrixRequest {
        let member = resource.isEmpty ? "" : "\"resource\":\(resource),"
        return MatrixRequest(
            route: "fhir.bundle",
            method: "POST",
            path: "/fhir",
            body: """
                {"resourceType":"Bundle","type":"batch",\
                "entry":[{\(member)"request":{"method":"\(method)","url":"\(url)"}}]}
                """,
            headers: ["content-type": "application/fhir+json"],
            permission: permission
        )
    }

    private static func message(_ key: RecordKey) -> String {
        """
        {"resourceType":"Bundle","type":"message","entry":[\
        {"fullUrl":"urn:uuid:1","resource":{"resourceType":"MessageHeader","id":"m",\
        "eventUri":"urn:ihe:iti:pmir:2019:patient-feed","source":{"endpoint":"http://s"},\
        "focus":[{"reference":"urn:uuid:2"}]}},\
        {"fullUrl":"urn:uuid:2","resource":{"resourceType":"Bundle","type":"history","entry":[\
        {"fullUrl":"urn:uuid:3","resource":\(MatrixFixture.patient(key)),"request":{"method":"POST","url":"Patient"},\
        "response":{"status":"200"}}]}}]}
        """
    }

    private static let imports: [MatrixRequest] = [
        .init(
            route: "fhir.patient.type-history",
            method: "GET",
            path: "/fhir/Patient/_history",
            permission: .read,
            isAboutRecord: false
        ),
        .init(
            route: "fhir.import",
            method: "POST",
            path: "/fhir/$import",
            body: MatrixFixture.patient(MatrixFixture.own) + "\n",
            headers: ["content-type": "application/fhir+ndjson", "prefer": "respond-async"],
            permission: .write,
            isAboutRecord: false
        ),
        .init(
            route: "fhir.import.status",
            method: "GET",
            path: "/fhir/$import-status/x",
            permission: .write,
            isAboutRecord: false
        ),
        .init(
            route: "fhir.import.delete",
            method: "DELETE",
            path: "/fhir/$import-status/x",
            permission: .write,
            isAboutRecord: false
        ),
        .init(
            route: "fhir.import.file",
            method: "GET",
            path: "/fhir/$import-errors/x/0/0",
            permission: .write,
            isAboutRecord: false
        ),
    ]

    private static func bulk(_ key: RecordKey) -> [MatrixRequest] {
        let later = ["prefer": "respond-async"]
        return [
            .init(
                route: "fhir.export",
                method: "GET",
                path: "/fhir/$export",
                headers: later,
                permission: .read,
                isAboutRecord: false
            ),
            .init(
                route: "fhir.patient.export",
                method: "GET",
                path: "/fhir/Patient/$export",
                headers: later,
                permission: .read,
                isAboutRecord: false
            ),
            .init(
                route: "fhir.export.status",
                method: "GET",
                path: "/fhir/$export-status/x",
                permission: .read,
                isAboutRecord: false
            ),
            .init(
                route: "fhir.export.delete",
                method: "DELETE",
                path: "/fhir/$export-status/x",
                permission: .read,
                isAboutRecord: false
            ),
            .init(
                route: "fhir.export.file",
                method: "GET",
                path: "/fhir/$export-file/x/0",
                permission: .read,
                isAboutRecord: false
            ),
            .init(
                route: "fhir.export.removals",
                method: "GET",
                path: "/fhir/$export-removals/x/0",
                permission: .read,
                isAboutRecord: false
            ),
            .init(
                route: "native.load",
                method: "POST",
                path: "/api/v1/load",
                body: MatrixFixture.patient(key) + "\n",
                headers: ["content-type": "application/x-ndjson"],
                permission: .write
            ),
        ]
    }

    /// What clients of OpenCR call.
    private static func openCR(_ key: RecordKey) -> [MatrixRequest] {
        let name = "{\"name\":[{\"family\":\"Somebodyelse\"}],\"resourceType\":\"Patient\"}"
        func match(_ method: String, _ name: String, _ body: String, _ permission: Permission) -> MatrixRequest {
            .init(
                route: "opencr.\(name)",
                method: method,
                path: "/match/\(name)",
                body: body,
                headers: json,
                permission: permission,
                isAboutRecord: false
            )
        }
        return [
            match("POST", "matches", name, .read),
            .init(
                route: "opencr.potential-matches",
                method: "GET",
                path: "/ocrux/match/potential-matches/\(key.id)",
                permission: .read
            ),
            match("GET", "count-match-issues", "", .decide), match("GET", "get-match-issues", "", .decide),
            match("GET", "count-new-auto-matches", "", .decide), match("GET", "get-new-auto-matches", "", .decide),
            match("POST", "break-match", "[]", .decide), match("POST", "unbreak-match", "[]", .decide),
            match("POST", "resolve-match-issue", "{}", .decide),
            .init(
                route: "opencr.csv.upload",
                method: "POST",
                path: "/csv/upload?source=urn:own",
                body: "record_id,family_name\n1,Somebodyelse\n",
                headers: ["content-type": "text/csv"],
                permission: .write,
                isAboutRecord: false
            ),
            .init(
                route: "opencr.csv.uploads",
                method: "GET",
                path: "/csv/getCSVUpload",
                permission: .read,
                isAboutRecord: false
            ),
            .init(
                route: "opencr.csv.report-place",
                method: "GET",
                path: "/csv/getCSVReport/x",
                permission: .read,
                isAboutRecord: false
            ),
            .init(
                route: "opencr.csv.report",
                method: "GET",
                path: "/csv/report/x",
                permission: .read,
                isAboutRecord: false
            ),
        ]
    }

    /// What operators do about notifications that could not be told.
    private static let letters: [MatrixRequest] = [
        .init(
            route: "native.subscription.dead",
            method: "GET",
            path: "/api/v1/subscriptions/x/dead",
            permission: .operate,
            isAboutRecord: false
        ),
        .init(
            route: "native.subscription.replay",
            method: "POST",
            path: "/api/v1/subscriptions/x/dead/replay",
            permission: .operate,
            isAboutRecord: false
        ),
        .init(
            route: "native.subscription.discard",
            method: "POST",
            path: "/api/v1/subscriptions/x/dead/discard",
            permission: .operate,
            isAboutRecord: false
        ),
    ]

    /// What the book of rulings and the queue take.
    private static func stewards(_ key: RecordKey) -> [MatrixRequest] {
        let json = ["content-type": "application/json"]
        let question = "\(key.id)-\(key.id)-0"
        let decision = "{\"kind\":\"cannot-link\",\"a\":\"urn:own|1\",\"b\":\"urn:other|1\"}"
        return [
            .init(
                route: "native.former-goldens",
                method: "POST",
                path: "/api/v1/former-goldens",
                body: #"{"former":[]}"#,
                headers: json,
                permission: .decide,
                isAboutRecord: false
            ),
            .init(
                route: "native.decide.preview",
                method: "POST",
                path: "/api/v1/decisions/preview",
                body: decision,
                headers: json,
                permission: .decide,
                isAboutRecord: false
            ),
            .init(
                route: "native.decisions",
                method: "GET",
                path: "/api/v1/decisions",
                permission: .decide,
                isAboutRecord: false
            ),
            .init(
                route: "native.decision",
                method: "GET",
                path: "/api/v1/decisions/1",
                permission: .decide,
                isAboutRecord: false
            ),
            .init(
                route: "native.decision.approve",
                method: "POST",
                path: "/api/v1/decisions/1/approve",
                permission: .decide,
                isAboutRecord: false
            ),
            .init(
                route: "native.decision.decline",
                method: "POST",
                path: "/api/v1/decisions/1/decline",
                permission: .decide,
                isAboutRecord: false
            ),
            .init(
                route: "native.review.claim",
                method: "POST",
                path: "/api/v1/reviews/\(question)/claim",
                permission: .decide,
                isAboutRecord: false
            ),
            .init(
                route: "native.review.leave",
                method: "DELETE",
                path: "/api/v1/reviews/\(question)/claim",
                permission: .decide,
                isAboutRecord: false
            ),
        ]
    }

    private static func native(_ key: RecordKey, _ golden: String) -> [MatrixRequest] {
        let pair = "a=urn:own%7C1&b=urn:other%7C1"
        let decision = "{\"kind\":\"cannot-link\",\"a\":\"urn:own|1\",\"b\":\"urn:other|1\"}"
        return [
            .init(
                route: "native.person",
                method: "GET",
                path: "/api/v1/persons/\(golden)",
                permission: .read,
                isAboutRecord: false
            ),
            history(golden),
            .init(
                route: "native.record",
                method: "GET",
                path: "/api/v1/records/\(key.source)/\(key.value)",
                permission: .read
            ),
            .init(
                route: "native.explain",
                method: "GET",
                path: "/api/v1/explain?\(pair)",
                permission: .read,
                isAboutRecord: false
            ),
            .init(
                route: "native.changes",
                method: "GET",
                path: "/api/v1/changes",
                permission: .read,
                isAboutRecord: false
            ),
            .init(route: "native.links", method: "GET", path: "/api/v1/links", permission: .read, isAboutRecord: false),
            .init(
                route: "native.reviews",
                method: "GET",
                path: "/api/v1/reviews",
                permission: .decide,
                isAboutRecord: false
            ),
            .init(
                route: "native.decide",
                method: "POST",
                path: "/api/v1/decisions",
                body: decision,
                headers: ["content-type": "application/json"],
                permission: .decide,
                isAboutRecord: false
            ),
            .init(
                route: "native.cluster",
                method: "GET",
                path: "/api/v1/cluster",
                permission: .operate,
                isAboutRecord: false
            ),
            .init(
                route: "native.openapi",
                method: "GET",
                path: "/api/v1/openapi.json",
                permission: nil,
                isAboutRecord: false
            ),
        ]
    }

    private static func history(_ golden: String) -> MatrixRequest {
        .init(
            route: "native.person.history",
            method: "GET",
            path: "/api/v1/persons/\(golden)/history",
            permission: .read,
            isAboutRecord: false
        )
    }

    private static let operations: [MatrixRequest] = [
        .init(
            route: "native.subscriptions",
            method: "GET",
            path: "/api/v1/subscriptions",
            permission: .operate,
            isAboutRecord: false
        ),
        .init(
            route: "native.cluster.events",
            method: "GET",
            path: "/api/v1/cluster/events",
            permission: .operate,
            isAboutRecord: false
        ),
        .init(
            route: "native.cluster.moves",
            method: "GET",
            path: "/api/v1/cluster/moves",
            permission: .operate,
            isAboutRecord: false
        ),
        .init(
            route: "native.cluster.change",
            method: "POST",
            path: "/api/v1/cluster/moves",
            body: #"{"action": "rebalance"}"#,
            headers: ["content-type": "application/json"],
            permission: .operate,
            isAboutRecord: false
        ),
        .init(
            route: "native.cluster.backups",
            method: "GET",
            path: "/api/v1/cluster/backups",
            permission: .operate,
            isAboutRecord: false
        ),
        .init(
            route: "native.cluster.backup",
            method: "POST",
            path: "/api/v1/cluster/backups",
            body: #"{"action": "start", "name": "monday"}"#,
            headers: ["content-type": "application/json"],
            permission: .operate,
            isAboutRecord: false
        ),
        .init(
            route: "native.cluster.scrub.read",
            method: "GET",
            path: "/api/v1/cluster/scrub",
            permission: .operate,
            isAboutRecord: false
        ),
        .init(
            route: "native.cluster.scrub",
            method: "POST",
            path: "/api/v1/cluster/scrub",
            body: #"{"mend": true}"#,
            headers: ["content-type": "application/json"],
            permission: .operate,
            isAboutRecord: false
        ),
        .init(
            route: "native.rules.list",
            method: "GET",
            path: "/api/v1/rules",
            permission: .govern,
            isAboutRecord: false
        ),
        .init(
            route: "native.rules.read",
            method: "GET",
            path: "/api/v1/rules/0000000000000001",
            permission: .govern,
            isAboutRecord: false
        ),
        .init(
            route: "native.rules.put",
            method: "POST",
            path: "/api/v1/rules",
            body: "format: 3",
            headers: ["content-type": "application/yaml"],
            permission: .govern,
            isAboutRecord: false
        ),
        .init(
            route: "native.rules.change",
            method: "POST",
            path: "/api/v1/rules/change",
            body: #"{"action": "pause"}"#,
            headers: ["content-type": "application/json"],
            permission: .govern,
            isAboutRecord: false
        ),
        .init(route: "health.live", method: "GET", path: "/health/live", permission: nil, isAboutRecord: false),
        .init(route: "health.ready", method: "GET", path: "/health/ready", permission: nil, isAboutRecord: false),
        .init(route: "metrics", method: "GET", path: "/metrics", permission: .operate, isAboutRecord: false),
    ]
}

internal import Access
internal import Entrance
internal import JSON

/// `GET .well-known/smart-configuration`: where and for what clients get tokens (SMART App Launch 2.2, 8).
enum SmartConfiguration {
    static let route = Route(
        "fhir.smart",
        .fhir,
        "GET",
        FHIRDoor.base + "/.well-known/smart-configuration",
        access: .open,
        "Tells where clients get tokens.",
        answer: answer
    )

    private static let scopes = [
        "system/Patient.cruds", "system/Patient.rs", "system/AuditEvent.rs", "system/Task.cruds", "ITI-78", "ITI-83",
        "ITI-93", "ITI-104", "ITI-119",
    ]

    private static func answer(_ call: DoorCall) async throws(DoorFault) -> DoorAnswer {
        guard let issuer = call.services.entrance.policy?.issuers.first else {
            throw .notFound("no tokens are asked for here")
        }
        let names = issuer.algorithmNames
        var value: JSONObject = [
            "issuer": .string(issuer.issuer), "grant_types_supported": ["client_credentials"],
            "scopes_supported": .array(scopes.map { .string($0) }),
            "token_endpoint_auth_methods_supported": ["private_key_jwt", "tls_client_auth"],
            "token_endpoint_auth_signing_alg_values_supported": .array(names.map { .string($0) }),
            "capabilities": ["client-confidential-asymmetric", "permission-v1", "permission-v2"],
        ]
        if KeyRing.isRemote(issuer) { value["jwks_uri"] = .string(issuer.keys) }
        if !issuer.tokenEndpoint.isEmpty { value["token_endpoint"] = .string(issuer.tokenEndpoint) }
        return .json(JSONValue.object(value).serialised())
    }
}

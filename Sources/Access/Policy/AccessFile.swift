import Yams

extension AccessPolicy {
    /// Reads a YAML file of version 1; all faults are told together.
    ///
    ///     version: 1
    ///     tokens:
    ///       - issuer: https://id.example
    ///         audience: [https://registry.example/fhir]
    ///         keys: /etc/tessera/jwks.json
    ///     clients:
    ///       - name: clinic-7
    ///         common_names: [clinic-7.example]
    ///         tokens: [clinic-7]
    ///         roles: [submitter, reader]
    ///         writes: [urn:oid:2.16.840.1.113883.3.72.5.9.1]
    ///         sees: own
    ///         rate: 50
    ///
    /// - Throws: the faults, each with its path.
    public init(yaml: String) throws(AccessFaults) {
        let root: Node?
        do {
            root = try Yams.compose(yaml: yaml)
        } catch {
            throw AccessFaults(["not YAML: \(error)"])
        }
        guard let mapping = root?.mapping else { throw AccessFaults(["not a list of keys and values"]) }
        var reader = AccessNode(mapping, path: "")
        if mapping["version"]?.int != 1 { reader.fault("version", "must be 1: this program knows no other") }
        reader.use("version")
        let issuers = reader.mappings("tokens") { Self.issuer(&$0) }
        let clients = reader.mappings("clients") { Self.client(&$0) }
        if clients.isEmpty { reader.fault("clients", "at least one client is needed") }
        let networks = reader.mapping("mllp") { mllp in
            mllp.texts("plain_from").compactMap { text in
                if let range = NetworkRange(text) { return range }
                mllp.fault("plain_from", "`\(text)` is no network such as 10.1.0.0/16")
                return nil
            }
        }
        let isStrict = reader.flag("iua_strict")
        let hasOpenMetrics = reader.flag("open_metrics")
        reader.finish()
        guard reader.faults.isEmpty else { throw AccessFaults(reader.faults) }
        try self.init(
            clients: clients,
            issuers: issuers,
            plainNetworks: networks ?? [],
            isIUAStrict: isStrict,
            hasOpenMetrics: hasOpenMetrics
        )
    }

    private static func issuer(_ node: inout AccessNode) -> TokenIssuer {
        var issuer = TokenIssuer(
            issuer: node.required("issuer"),
            audiences: Set(node.texts("audience")),
            keys: node.required("keys")
        )
        if issuer.audiences.isEmpty { node.fault("audience", "at least one is needed: it says whom tokens are for") }
        if let skew = node.number("skew") {
            if (0...600).contains(skew) {
                issuer.skewSeconds = Int(skew)
            } else {
                node.fault("skew", "must be 0 to 600 seconds")
            }
        }
        let names = node.texts("algorithms")
        if !names.isEmpty {
            issuer.algorithms = []
            for name in names {
                if let algorithm = TokenIssuer.algorithm(name) {
                    issuer.algorithms.insert(algorithm)
                } else {
                    node.fault("algorithms", "`\(name)` is none of \(TokenIssuer.knownNames)")
                }
            }
        }
        if let address = node.text("token_endpoint") { issuer.tokenEndpoint = address }
        return issuer
    }

    private static func client(_ node: inout AccessNode) -> AccessClient {
        var client = AccessClient(name: node.required("name"), roles: [])
        client.marks.formUnion(node.texts("common_names").map { .commonName($0) })
        client.marks.formUnion(node.texts("subjects").map { .subject($0) })
        client.marks.formUnion(node.texts("alternative_names").map { .alternativeName($0) })
        client.marks.formUnion(node.texts("tokens").map { .token($0) })
        client.marks.formUnion(node.texts("senders").map { .sender($0) })
        for text in node.texts("fingerprints") {
            let digits = text.lowercased().filter { $0 != ":" }
            if digits.utf8.count == 64, digits.allSatisfy(\.isHexDigit) {
                client.marks.insert(.fingerprint(digits))
            } else {
                node.fault("fingerprints", "a SHA-256 has 64 hexadecimal digits")
            }
        }
        for name in node.texts("roles") {
            if let role = Role(rawValue: name) {
                client.roles.insert(role)
            } else {
                let known = Role.allCases.map(\.rawValue).joined(separator: ", ")
                node.fault("roles", "`\(name)` is none of \(known)")
            }
        }
        client.writes = node.textOrTexts("writes", everything: "all").map { .listed(Set($0)) } ?? .all
        if let name = node.text("sees") {
            if let view = View(rawValue: name) {
                client.sees = view
            } else {
                node.fault("sees", "must be everything, own or identifiers")
            }
        }
        client.mayBreakGlass = node.flag("break_glass")
        let burst = node.number("burst")
        if let rate = node.number("rate") {
            if rate > 0, burst ?? 1 >= 1 {
                client.rate = RateLimit(perSecond: rate, burst: burst ?? max(1, rate))
            } else {
                node.fault("rate", "must be above 0, and `burst` at least 1")
            }
        } else if burst != nil {
            node.fault("burst", "needs `rate`")
        }
        return client
    }
}

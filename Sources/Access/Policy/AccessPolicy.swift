/// Who may enter: the clients that are known, the tokens that are believed, the networks that may speak in clear.
///
///     let policy = try AccessPolicy(yaml: text)
///     policy.client(marked: [.commonName("clinic-7")])
public struct AccessPolicy: Sendable, Hashable {
    /// Most clients: a nation has thousands of facilities, a list longer than this is a mistake.
    public static let clientLimit = 100_000

    /// The clients in the order of the file.
    public let clients: [AccessClient]
    /// The issuers whose tokens are believed.
    public let issuers: [TokenIssuer]
    /// The networks from which HL7 v2 is taken in clear text; loopback always is.
    public let plainNetworks: [NetworkRange]
    /// Whether a token without the scope that is needed is answered 401 (IHE IUA) and not 403 (RFC 6750).
    public let isIUAStrict: Bool
    /// Whether metrics are told to whoever reaches the port.
    public let hasOpenMetrics: Bool
    private let places: [ClientMark: Int]

    /// Checks a policy.
    ///
    /// - Throws: all faults: names that occur twice, marks of two clients, clients that nothing recognises.
    public init(
        clients: [AccessClient],
        issuers: [TokenIssuer] = [],
        plainNetworks: [NetworkRange] = [],
        isIUAStrict: Bool = false,
        hasOpenMetrics: Bool = false
    ) throws(AccessFaults) {
        var faults: [String] = []
        var names: Set<String> = []
        var places: [ClientMark: Int] = [:]
        for (index, client) in clients.enumerated() {
            let place = "clients[\(index)]"
            if !names.insert(client.name).inserted { faults.append("\(place): another client has the name already") }
            if client.marks.isEmpty { faults.append("\(place): nothing says how the client is recognised") }
            if client.roles.isEmpty { faults.append("\(place).roles: at least one role is needed") }
            if client.sees == .own, client.writes == .listed([]) {
                faults.append("\(place).sees: `own` needs `writes`, which says what is the client's own")
            }
            for mark in client.marks {
                if let other = places.updateValue(index, forKey: mark), other != index {
                    faults.append("\(place): clients[\(other)] is recognised by the same")
                }
            }
        }
        if clients.count > Self.clientLimit { faults.append("clients: more than \(Self.clientLimit)") }
        if Set(issuers.map(\.issuer)).count != issuers.count { faults.append("tokens: an issuer is named twice") }
        let wantsTokens = places.keys.contains { mark in
            guard case .token = mark else { return false }
            return true
        }
        if wantsTokens, issuers.isEmpty { faults.append("tokens: a client is recognised by tokens of no issuer") }
        guard faults.isEmpty else { throw AccessFaults(faults.sorted()) }
        self.clients = clients
        self.issuers = issuers
        self.plainNetworks = plainNetworks
        self.isIUAStrict = isIUAStrict
        self.hasOpenMetrics = hasOpenMetrics
        self.places = places
    }

    /// The client that bears one of the marks, the first of them counting most.
    public func client(marked marks: [ClientMark]) -> AccessClient? {
        for mark in marks {
            if let place = places[mark] { return clients[place] }
        }
        return nil
    }

    /// The issuer of that name.
    public func issuer(_ name: String) -> TokenIssuer? { issuers.first { $0.issuer == name } }

    /// The same policy with sources under the names that a function gives them.
    public func withSources(_ canonical: (String) -> String) throws(AccessFaults) -> AccessPolicy {
        try AccessPolicy(
            clients: clients.map { client in
                var client = client
                client.writes = client.writes.mapped(canonical)
                return client
            },
            issuers: issuers,
            plainNetworks: plainNetworks,
            isIUAStrict: isIUAStrict,
            hasOpenMetrics: hasOpenMetrics
        )
    }
}

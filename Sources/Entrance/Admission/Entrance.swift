public import Access
internal import Locks
internal import Transport

/// The one place where somebody is let in or turned away, whichever door they knock at.
///
///     let entrance = Entrance(policy, keys: ring, now: { clock.milliseconds() })
///     let grant = try entrance.admit(credentials)
///     try grant.require(.reading("r"))
///
/// Without a policy everybody may do everything; whoever starts the registry sees to it that only loopback is listened
/// on then.
public final class Entrance: Sendable {
    /// Tokens that were verified lately, by their text: RSA costs 30 µs a time.
    private static let tokenLimit = 4_096
    /// Milliseconds for which a verified token is taken without another look: a key that is withdrawn ends it by then.
    private static let tokenPatience: UInt64 = 60_000
    /// Longest reason for breaking the glass.
    private static let reasonMax = 512

    /// Who may enter; `nil`: everybody.
    public let policy: AccessPolicy?
    private let keys: KeyRing
    private let now: @Sendable () -> UInt64
    private let buckets = Mutex<[String: RateBucket]>([:])
    private let tokens = Mutex<[String: (claims: TokenClaims, at: UInt64)]>([:])

    /// An entrance.
    ///
    /// - Parameters:
    ///   - policy: who may enter; `nil`: everybody.
    ///   - keys: those of the issuers.
    ///   - now: milliseconds since 1970.
    public init(_ policy: AccessPolicy?, keys: KeyRing = KeyRing(), now: @escaping @Sendable () -> UInt64 = { 0 }) {
        self.policy = policy
        self.keys = keys
        self.now = now
    }

    /// An entrance without a guard.
    public static let open = Entrance(nil)

    /// Finds out who somebody is.
    ///
    /// - Throws: a refusal where nobody known is, or where they ask too often.
    public func admit(_ credentials: Credentials) throws(EntranceRefusal) -> Grant {
        guard let policy else {
            return .open(credentials.certificate?.commonName ?? "anonymous", address: credentials.address)
        }
        let (client, claims) = try recognise(credentials, policy)
        try throttle(client)
        let reason = try reason(credentials, client)
        return Grant(
            client: client.name,
            permissions: client.permissions,
            scopes: claims?.scopes,
            writes: client.writes,
            view: reason.isEmpty ? client.sees : .everything,
            user: claims,
            address: credentials.address,
            breakGlass: reason,
            isIUAStrict: policy.isIUAStrict
        )
    }

    /// What a client may do that is not asking now, such as one that is told of changes; `nil`: it is not known.
    public func grant(ofClient name: String) -> Grant? {
        guard let policy else { return .open(name) }
        guard let client = policy.clients.first(where: { $0.name == name }) else { return nil }
        return Grant(
            client: client.name,
            permissions: client.permissions,
            writes: client.writes,
            view: client.sees
        )
    }

    private func recognise(
        _ credentials: Credentials,
        _ policy: AccessPolicy
    ) throws(EntranceRefusal) -> (AccessClient, TokenClaims?) {
        let holder = policy.client(marked: credentials.certificateMarks)
        if let authorization = credentials.authorization {
            let claims = try claims(authorization, credentials, policy)
            guard let client = policy.client(marked: [.token(claims.client)]) else {
                throw EntranceRefusal(.forbidden, "the client of the token is not known here")
            }
            // A token that was taken away from another client is worth nothing on this one's connection.
            guard holder.map({ $0.name == client.name }) ?? true else {
                throw Self.invalidToken(.binding, client.name)
            }
            return (client, claims)
        }
        if let holder { return (holder, nil) }
        if credentials.certificate != nil {
            throw EntranceRefusal(.forbidden, "no client is known by this certificate")
        }
        if let sender = credentials.sender, isTrusted(credentials.address, policy),
            let client = policy.client(marked: [.sender(sender)])
        {
            return (client, nil)
        }
        throw EntranceRefusal(.unauthenticated, "a bearer token or a client certificate is needed")
    }

    /// Whether a network is one from which messages in clear text are believed.
    private func isTrusted(_ address: String, _ policy: AccessPolicy) -> Bool {
        (NetworkRange.loopback + policy.plainNetworks).contains { $0.contains(address) }
    }

    /// Whether HL7 v2 may be spoken in clear text from an address.
    public func allowsPlain(from address: String) -> Bool {
        guard let policy else { return true }
        return isTrusted(address, policy)
    }

    private func claims(
        _ authorization: String,
        _ credentials: Credentials,
        _ policy: AccessPolicy
    ) throws(EntranceRefusal) -> TokenClaims {
        let parts = authorization.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else {
            throw EntranceRefusal(.unauthenticated, "the authorization must be Bearer with a token")
        }
        let claims: TokenClaims
        do throws(TokenFault) {
            claims = try verified(String(parts[1]), policy, now())
            if let bound = claims.certificate, bound != credentials.certificate?.fingerprint { throw .binding }
        } catch {
            throw Self.invalidToken(error, "")
        }
        guard claims.patient == nil else {
            throw EntranceRefusal(.forbidden, "tokens that speak for one patient are not taken here")
        }
        return claims
    }

    private func verified(
        _ text: String,
        _ policy: AccessPolicy,
        _ milliseconds: UInt64
    ) throws(TokenFault) -> TokenClaims {
        let seconds = Int(milliseconds / 1_000)
        if let known = tokens.withLock({ $0[text] }), let issuer = policy.issuer(known.claims.issuer),
            milliseconds < known.at + Self.tokenPatience, seconds < known.claims.expires + issuer.skewSeconds
        {
            return known.claims
        }
        let token = try SignedToken(parsing: text)
        guard let issuer = policy.issuer(token.issuer) else { throw .issuer }
        guard let keys = keys.keys(of: issuer, naming: token.keyID, at: milliseconds) else { throw .key }
        let claims = try token.verified(by: issuer, keys, now: seconds)
        tokens.withLock { tokens in
            if tokens.count >= Self.tokenLimit { tokens.removeAll(keepingCapacity: true) }
            tokens[text] = (claims, milliseconds)
        }
        return claims
    }

    private static func invalidToken(_ fault: TokenFault, _ client: String) -> EntranceRefusal {
        var refusal = EntranceRefusal(.unauthenticated, fault.rawValue)
        refusal.challenge = "invalid_token"
        refusal.client = client
        return refusal
    }

    private func throttle(_ client: AccessClient) throws(EntranceRefusal) {
        guard let rate = client.rate else { return }
        let time = now()
        let wait = buckets.withLock { buckets in
            buckets[client.name, default: RateBucket(rate, at: time)].take(at: time)
        }
        guard let wait else { return }
        var refusal = EntranceRefusal(.throttled(after: wait), "\(client.name) asks more often than it may")
        refusal.client = client.name
        throw refusal
    }

    /// Counts what a request that was admitted holds beyond one, such as the entries of a bundle, against its client's
    /// rate.
    public func count(further requests: Int, of client: String) {
        guard requests > 0, let rate = policy?.clients.first(where: { $0.name == client })?.rate else { return }
        let time = now()
        buckets.withLock { $0[client, default: RateBucket(rate, at: time)].take(further: requests) }
    }

    private func reason(_ credentials: Credentials, _ client: AccessClient) throws(EntranceRefusal) -> String {
        guard let text = credentials.breakGlass else { return "" }
        var refusal = EntranceRefusal(.forbidden, "\(client.name) may not break the glass")
        refusal.client = client.name
        guard client.mayBreakGlass else { throw refusal }
        let reason = String(text.prefix(Self.reasonMax))
        guard reason.contains(where: \.isLetter) else {
            refusal.detail = "breaking the glass needs a reason in words"
            throw refusal
        }
        return reason
    }
}

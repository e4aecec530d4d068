import Locks
public import Transport

/// A client of an etcd cluster (v3 API, gRPC over our own HTTP/2 client).
///
/// It asks one member, and the next one when that does not serve; whatever is asked may have been done although the
/// answer was lost, so callers use transactions whose conditions say what they know.
///
///     let etcd = EtcdClient(members: clients)
///     let first = EtcdTransaction(conditions: [.absent("a")], steps: [.put("a", [1], lease: 0)])
///     let outcome = try await etcd.perform(first)
public final class EtcdClient: Sendable {
    private struct State {
        var current = 0
        var token: String?
    }

    private let members: [HTTPClient]
    private let credentials: EtcdCredentials?
    private let deadline: Duration
    private let state = Mutex(State())

    /// Wraps clients of the members.
    ///
    /// - Parameters:
    ///   - members: connections to each member, at least one; with TLS where their endpoints say so.
    ///   - credentials: who to be; `nil` where etcd asks nobody.
    ///   - deadline: for one answer of one member. A lease must outlive a few of them.
    public init(members: [HTTPClient], credentials: EtcdCredentials? = nil, deadline: Duration = .seconds(1)) {
        precondition(!members.isEmpty, "an etcd cluster has at least one member")
        self.members = members
        self.credentials = credentials
        self.deadline = deadline
    }

    // MARK: Calls

    /// Reads rows as they are now.
    ///
    /// - Throws: `EtcdError`.
    public func read(_ keys: EtcdKeys) async throws(EtcdError) -> EtcdRange {
        let answer = try await call("etcdserverpb.KV/Range", EtcdRange.request(keys))
        return try EtcdRange(answer[...])
    }

    /// Does all of a transaction, or nothing.
    ///
    /// - Throws: `EtcdError`; after `.unreachable` it may have been done.
    public func perform(_ transaction: EtcdTransaction) async throws(EtcdError) -> EtcdTransaction.Outcome {
        let answer = try await call("etcdserverpb.KV/Txn", transaction.encoded())
        return try EtcdTransaction.Outcome(answer[...])
    }

    /// Makes a lease.
    ///
    /// - Parameter seconds: how long it is to last.
    /// - Returns: the lease with the time that etcd granted, which may be more.
    /// - Throws: `EtcdError`.
    public func grantLease(seconds: Int) async throws(EtcdError) -> EtcdLease {
        let answer = try await call("etcdserverpb.Lease/LeaseGrant", EtcdLease.grantRequest(seconds: seconds))
        return try EtcdLease(answer[...])
    }

    /// Lets a lease begin anew.
    ///
    /// - Returns: the lease; of 0 seconds where it is over.
    /// - Throws: `EtcdError`.
    public func keepAlive(_ lease: UInt64) async throws(EtcdError) -> EtcdLease {
        // A stream of one request: etcd answers it and ends with the end of the body.
        let answer = try await call("etcdserverpb.Lease/LeaseKeepAlive", EtcdLease.request(id: lease))
        return try EtcdLease(answer[...])
    }

    /// Ends a lease, and with it the rows that hang on it.
    ///
    /// - Throws: `EtcdError`; `.refused(.notFound, _)` where it is over already.
    public func revoke(_ lease: UInt64) async throws(EtcdError) {
        _ = try await call("etcdserverpb.Lease/LeaseRevoke", EtcdLease.request(id: lease))
    }

    /// Tells changes of keys from a revision on, for as long as a member serves.
    ///
    /// - Throws: `EtcdError`, also where the watch cannot be begun.
    public func watch(_ keys: EtcdKeys, from revision: UInt64) async throws(EtcdError) -> EtcdWatch {
        let token = try await token()
        let (client, index) = member()
        var headers = Self.headers(token: token)
        // A member that was cut off from the others would otherwise keep silent for ever.
        headers.add("hasleader", "true")
        let stream = client.open(
            HTTPClientRequest(method: "POST", path: "/etcdserverpb.Watch/Watch", headers: headers)
        )
        do throws(TransportError) {
            try await stream.write(GRPCFrame.encoded(EtcdEvents.request(keys, from: revision)))
        } catch {
            leave(index)
            throw .unreachable(error)
        }
        return EtcdWatch(stream) { [weak self] in self?.leave(index) }
    }

    // MARK: Members

    private func member() -> (HTTPClient, Int) {
        let index = state.withLock { $0.current }
        return (members[index], index)
    }

    /// Turns to the next member, unless somebody has done so already.
    private func leave(_ index: Int) {
        state.withLock { state in
            if state.current == index { state.current = (index + 1) % members.count }
        }
    }

    private func call(_ method: String, _ message: [UInt8]) async throws(EtcdError) -> [UInt8] {
        var mayRenewToken = credentials != nil
        var attempts = members.count
        while true {
            let (client, index) = member()
            do throws(EtcdError) {
                return try await attempt(client, method, message, token: try await token())
            } catch {
                if mayRenewToken, Self.isAboutToken(error) {
                    mayRenewToken = false
                    state.withLock { $0.token = nil }
                    continue
                }
                guard error.isWorthAnotherMember else { throw error }
                leave(index)
                attempts -= 1
                guard attempts > 0, !Task.isCancelled else { throw error }
            }
        }
    }

    /// Tokens lapse, and become invalid when users or roles change.
    private static func isAboutToken(_ error: EtcdError) -> Bool {
        guard case .refused(let status, let text) = error else { return false }
        return status == .unauthenticated || (status == .invalidArgument && text.contains("auth"))
    }

    private func token() async throws(EtcdError) -> String? {
        guard let credentials else { return nil }
        if let token = state.withLock({ $0.token }) { return token }
        let answer = try await attempt(
            member().0,
            "etcdserverpb.Auth/Authenticate",
            credentials.request(),
            token: nil
        )
        let token = try EtcdCredentials.token(answer[...])
        state.withLock { $0.token = token }
        return token
    }

    private func attempt(
        _ client: HTTPClient,
        _ method: String,
        _ message: [UInt8],
        token: String?
    ) async throws(EtcdError) -> [UInt8] {
        let response: HTTPResponse
        do throws(TransportError) {
            response = try await client.send(
                HTTPClientRequest(
                    method: "POST",
                    path: "/\(method)",
                    headers: Self.headers(token: token),
                    body: GRPCFrame.encoded(message)
                ),
                deadline: deadline
            )
        } catch {
            throw .unreachable(error)
        }
        try Self.check(status: response.status, response.headers, response.trailers)
        var frame = GRPCFrame()
        frame.append(response.body)
        guard let answer = try frame.next() else { throw .malformed("\(method) was answered by nothing") }
        return answer
    }

    private static func headers(token: String?) -> HTTPFields {
        var headers: HTTPFields = ["content-type": "application/grpc", "te": "trailers"]
        if let token { headers.add("token", token) }
        return headers
    }

    /// The status of a call is in the trailers, or in the head where there is nothing else.
    static func check(status: Int, _ head: HTTPFields, _ trailers: HTTPFields) throws(EtcdError) {
        guard status == 200 else { throw .refused(.unavailable, "HTTP status \(status)") }
        let fields = trailers.contains("grpc-status") ? trailers : head
        guard let code = fields.integer("grpc-status") else { throw .malformed("there is no status in it") }
        guard code == 0 else { throw .refused(GRPCStatus(code), fields["grpc-message"] ?? "") }
    }
}

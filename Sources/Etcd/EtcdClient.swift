import Locks
public import Transport

/// A client of an etcd cluster (v3 API, gRPC over our own HTTP/2 client).
///
/// It asks one member, and the next one when that does not serve; whatever is asked may have been done although the
/// answer was lost, so callers use transactions whose conditions say what they know. What changes nothing, and the
/// renewal of a lease, does not wait for a member that is silent: the next one is asked beside it.
///
///     let etcd = EtcdClient(members: clients)
///     let first = EtcdTransaction(conditions: [.absent("a")], steps: [.put("a", [1], lease: 0)])
///     let outcome = try await etcd.perform(first)
public final class EtcdClient: Sendable {
    private struct State {
        var current = 0
        var token: String?
    }

    /// The part of a deadline after which a second member is asked as well.
    private static let patiencePart = 3

    private let members: [HTTPClient]
    private let credentials: EtcdCredentials?
    private let deadline: Duration
    private let patience: Duration
    private let state = Mutex(State())

    /// Wraps clients of the members.
    ///
    /// - Parameters:
    ///   - members: connections to each member, at least one; with TLS where their endpoints say so.
    ///   - credentials: who to be; `nil` where etcd asks nobody.
    ///   - deadline: for one answer of one member. A lease must outlive a few of them.
    ///   - patience: how long a member may be silent before the next one is asked as well, where that does no harm; a
    ///     third of the deadline where nothing else is said.
    public init(
        members: [HTTPClient],
        credentials: EtcdCredentials? = nil,
        deadline: Duration = .seconds(1),
        patience: Duration? = nil
    ) {
        precondition(!members.isEmpty, "an etcd cluster has at least one member")
        self.members = members
        self.credentials = credentials
        self.deadline = deadline
        self.patience = patience ?? deadline / Self.patiencePart
    }

    // MARK: Calls

    /// Reads rows as they are now.
    ///
    /// - Throws: `EtcdError`.
    public func read(_ keys: EtcdKeys) async throws(EtcdError) -> EtcdRange {
        let answer = try await hedgedCall("etcdserverpb.KV/Range", EtcdRange.request(keys))
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
        let answer = try await hedgedCall("etcdserverpb.Lease/LeaseKeepAlive", EtcdLease.request(id: lease))
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
        let (client, index) = member()
        let token = try await token(of: client)
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

    /// Turns to a member that has answered.
    private func prefer(_ index: Int) { state.withLock { $0.current = index } }

    /// Turns to the next member, unless somebody has done so already.
    private func leave(_ index: Int) {
        state.withLock { state in
            if state.current == index { state.current = (index + 1) % members.count }
        }
    }

    /// Asks the member at hand, and the next one where that does not serve.
    private func call(_ method: String, _ message: [UInt8]) async throws(EtcdError) -> [UInt8] {
        var attempts = members.count
        while true {
            let index = member().1
            do throws(EtcdError) {
                return try await ask(index, method, message)
            } catch {
                guard error.isWorthAnotherMember else { throw error }
                leave(index)
                attempts -= 1
                guard attempts > 0, !Task.isCancelled else { throw error }
            }
        }
    }

    private enum Event: Sendable {
        case answered(Int, Result<[UInt8], EtcdError>)
        case late
    }

    /// Asks what may be asked twice: where a member is silent for a while, the next one is asked as well.
    ///
    /// The first answer counts, and whoever gave it is asked first from then on.
    private func hedgedCall(_ method: String, _ message: [UInt8]) async throws(EtcdError) -> [UInt8] {
        let first = member().1
        let patience = patience
        let result = await withTaskGroup(of: Event.self) { tasks -> Result<[UInt8], EtcdError> in
            defer { tasks.cancelAll() }
            var asked = 0
            var failure = EtcdError.malformed("nobody was asked")
            var isDue = true
            while true {
                if isDue, asked < members.count, !Task.isCancelled {
                    let index = (first + asked) % members.count
                    tasks.addTask { await self.answer(of: index, method, message) }
                    tasks.addTask {
                        try? await Task.sleep(for: patience)
                        return .late
                    }
                    asked += 1
                    isDue = false
                }
                guard let event = await tasks.next() else { return .failure(failure) }
                switch event {
                case .late: isDue = true
                case .answered(let index, .success(let answer)):
                    prefer(index)
                    return .success(answer)
                case .answered(let index, .failure(let error)):
                    guard error.isWorthAnotherMember else { return .failure(error) }
                    leave(index)
                    failure = error
                    isDue = true
                }
            }
        }
        return try result.get()
    }

    private func answer(of index: Int, _ method: String, _ message: [UInt8]) async -> Event {
        do throws(EtcdError) {
            let answer = try await ask(index, method, message)
            return .answered(index, .success(answer))
        } catch {
            return .answered(index, .failure(error))
        }
    }

    /// Asks one member; once more with a new token where the one at hand is no longer valid.
    private func ask(_ index: Int, _ method: String, _ message: [UInt8]) async throws(EtcdError) -> [UInt8] {
        let client = members[index]
        do throws(EtcdError) {
            return try await attempt(client, method, message, token: try await token(of: client))
        } catch {
            guard credentials != nil, Self.isAboutToken(error) else { throw error }
            state.withLock { $0.token = nil }
            return try await attempt(client, method, message, token: try await token(of: client))
        }
    }

    /// Tokens lapse, and become invalid when users or roles change.
    private static func isAboutToken(_ error: EtcdError) -> Bool {
        guard case .refused(let status, let text) = error else { return false }
        return status == .unauthenticated || (status == .invalidArgument && text.contains("auth"))
    }

    private func token(of member: HTTPClient) async throws(EtcdError) -> String? {
        guard let credentials else { return nil }
        if let token = state.withLock({ $0.token }) { return token }
        let answer = try await attempt(
            member,
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

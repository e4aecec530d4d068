import Etcd
public import Identifiers
import Locks
import Topology

/// How a coordinator comes to lead.
extension EtcdControlPlane {
    /// What is wrong with what etcd holds.
    struct Damage: Error, CustomStringConvertible {
        var description: String
    }

    /// Waits while another leads, then writes the next epoch and itself as its leader, both or neither.
    public func beginEpoch() async throws -> Epoch {
        state.withLock { $0.epoch = nil }
        while true {
            try Task.checkCancellation()
            if let epoch = try await campaign() { return epoch }
            // A watch tells at once; the ticks of `run` serve where it does not.
            for await _ in stirred.stream { break }
        }
    }

    /// Ends the lease, and so the reign; best effort, since a lease that nobody keeps alive ends by itself.
    public func resign(_ epoch: Epoch) async {
        let lease = state.withLock { state -> UInt64? in
            guard state.epoch == epoch else { return nil }
            state.epoch = nil
            state.span.lapse()
            defer { state.lease = nil }
            return state.lease
        }
        guard let lease else { return }
        try? await etcd.revoke(lease)
    }

    /// One attempt.
    ///
    /// - Returns: the epoch; `nil` where another one leads or was faster.
    private func campaign() async throws -> Epoch? {
        let lease = try await liveLease()
        let found = try await etcd.perform(
            EtcdTransaction(steps: [.read(.one(keys.leader)), .read(.one(keys.epoch))])
        )
        guard found.ranges.count == 2 else { throw EtcdError.malformed("two questions, \(found.ranges.count) answers") }
        let (leader, last) = (found.ranges[0].rows.first, found.ranges[1].rows.first)
        note(leader)
        if let leader, leader.lease != lease, !inherits(leader) { return nil }
        let epoch = Epoch(try number(last)).next
        let outcome: EtcdTransaction.Outcome
        do throws(EtcdError) {
            outcome = try await etcd.perform(
                EtcdTransaction(
                    conditions: [unchanged(keys.leader, leader), unchanged(keys.epoch, last)],
                    steps: [
                        .put(keys.epoch, Array("\(epoch)".utf8), lease: 0),
                        .put(keys.leader, LeaderRow.encoded(identity, epoch: epoch), lease: lease),
                    ]
                )
            )
        } catch {
            // The lease ended in between.
            if case .refused(.notFound, _) = error { return nil }
            throw error
        }
        guard outcome.succeeded else { return nil }
        return state.withLock { state in
            state.mayInherit = false
            guard state.lease == lease else { return nil }
            state.epoch = epoch
            state.leader = Leader(name: identity.name, address: identity.address, epoch: epoch)
            return epoch
        }
    }

    /// Whether a row is of this node's reign before it was started again, so that nobody need wait for its lease.
    ///
    /// A node takes its address before it wants to lead, so that no other process of its name and address is there.
    /// Once only: of two nodes that were given one name and address by mistake, neither goes on deposing the other.
    private func inherits(_ row: EtcdRow) -> Bool {
        guard let leader = LeaderRow.decode(row.value), leader.name == identity.name,
            leader.address == identity.address
        else { return false }
        return state.withLock { $0.mayInherit }
    }

    private func unchanged(_ key: String, _ row: EtcdRow?) -> EtcdTransaction.Condition {
        row.map { .modified(key, $0.modified) } ?? .absent(key)
    }

    private func number(_ row: EtcdRow?) throws -> UInt64 {
        guard let row else { return 0 }
        guard let number = UInt64(String(decoding: row.value, as: UTF8.self)) else {
            throw Damage(description: "\(keys.epoch) holds no epoch: nobody may lead before it is mended")
        }
        return number
    }

    /// Notes who leads; a reign after this node's own ends that.
    func note(_ row: EtcdRow?) {
        state.withLock { state in
            state.leader = row.flatMap { LeaderRow.decode($0.value) }
            if let epoch = state.epoch, let other = state.leader?.epoch, other > epoch { state.epoch = nil }
        }
    }

    /// A lease that lasts by this node's clock: the one at hand, renewed, or a new one.
    private func liveLease() async throws(EtcdError) -> UInt64 {
        let now = now
        let (lease, holds) = state.withLock { ($0.lease, $0.span.holds(at: now)) }
        if let lease {
            if holds { return lease }
            if try await keepAlive(lease) { return lease }
        }
        let asked = self.now
        let granted = try await etcd.grantLease(seconds: Int(leaseTime.components.seconds))
        guard granted.seconds > 0 else { throw .malformed("a lease of no time") }
        state.withLock { state in
            state.lease = granted.id
            state.span.lapse()
            state.span.renew(asked: asked, lasting: .seconds(Int64(clamping: granted.seconds)))
        }
        return granted.id
    }

    /// Renews the lease.
    ///
    /// - Returns: whether it still is one.
    func keepAlive(_ lease: UInt64) async throws(EtcdError) -> Bool {
        let asked = now
        var renewed = try await etcd.keepAlive(lease)
        if renewed.id != lease { renewed.seconds = 0 }
        return state.withLock { state in
            guard state.lease == lease else { return false }
            guard renewed.seconds > 0 else {
                state.lease = nil
                state.epoch = nil
                state.span.lapse()
                return false
            }
            state.span.renew(asked: asked, lasting: .seconds(Int64(clamping: renewed.seconds)))
            state.failedRenewals.end()
            return true
        }
    }
}

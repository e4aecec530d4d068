import Identifiers
import ShardProtocol
import Topology

/// What goes on in the background: replicas that are out are brought back, replicas that were wiped are found.
extension ReplicatedShard {
    /// Looks after the replicas until the task is cancelled.
    public func run() async {
        await withTaskGroup(of: Void.self) { tasks in
            tasks.addTask { await self.followMap() }
            tasks.addTask {
                var uncompared = Duration.zero
                while !Task.isCancelled {
                    await self.clock.sleep(self.policy.checkPause)
                    uncompared += self.policy.checkPause
                    if uncompared >= self.policy.comparePause {
                        uncompared = .zero
                        _ = try? await self.compareCopies(mends: true, rest: self.policy.comparisonRest)
                    }
                    await self.check()
                }
            }
        }
    }

    /// Learns of every change of the map, so that this node does not read from a replica that has left.
    func followMap() async {
        for await stored in control.changes() {
            let epoch = withState { $0.term?.epoch }
            if let epoch, control.holds(epoch) || planted.contains(.readDeposed) {
                // The leader's own view changes in its turn only.
                withState { $0.isStale = true }
            } else {
                // One whose lease is over would else go on reading from whoever was in sync when it led.
                if let epoch { standDown(from: epoch) }
                _ = withState { $0.adopt(stored, of: id) }
            }
        }
    }

    /// Brings back at once what a new leader needs to write at all.
    func fillUp() async throws(ShardError) {
        let isShort = { self.withState { ($0.term?.inSync.count ?? 0) < ($0.group(self.id)?.minimumInSync ?? 0) } }
        guard isShort() else { return }
        await check()
        guard isShort() else { return }
        let group = try await currentGroup().group
        throw .unavailable("fewer than \(group.minimumInSync) replicas of \(id) are in sync")
    }

    /// One round of looking after.
    func check() async { await keeping.run { await self.lookAfter() } }

    private func lookAfter() async {
        guard let epoch = withState({ $0.term?.epoch }), !Task.isCancelled else { return }
        await findWiped(epoch)
        let waiting = withState { state in state.group(id)?.replicas.filter { $0.state != .inSync }.map(\.name) ?? [] }
        for name in waiting where !Task.isCancelled {
            do throws(ShardError) {
                try await CatchUp(shard: self, epoch: epoch, name: name).run()
            } catch {
                if case .staleEpoch = error { standDown(from: epoch) }
                observe(.gaveUp(replica: name, error))
            }
        }
    }

    /// A replica in sync that lost what it had leaves the set, also while nobody writes.
    private func findWiped(_ epoch: Epoch) async {
        let members = withState { state in (state.group(id)?.inSync ?? [], state.readGuard(of: id)) }
        for replica in members.0 {
            do throws(ShardError) {
                let answer = try await client(replica).call(.guarded(members.1, .status))
                withState { $0.trust(replica.name) }
                if case .status(let status) = answer { await takeOut(replica, status.damage, epoch) }
            } catch {
                if case .behind = error {
                    await takeOut(replica, error, epoch)
                    continue
                }
                // One that hangs is found here, before many reads have waited for it.
                withState { $0.suspect(replica.name, reads: policy.suspectReads) }
                guard case .storage = error else { continue }
                // One whose store does not open answers nothing but what is damaged.
                let damage = try? await client(replica).status().damage
                await takeOut(replica, damage ?? [], epoch)
            }
        }
    }

    /// A replica whose disk is damaged leaves the set, where enough are left: it comes back filled from the others.
    private func takeOut(_ replica: Replica, _ damage: [String], _ epoch: Epoch) async {
        let isNew = withState { $0.note(damage, of: replica.name) }
        guard !damage.isEmpty else { return }
        if isNew { observe(.damaged(replica: replica.name, damage)) }
        try? await turn.run { () throws(ShardError) in
            try await self.takeOutOfMany(replica.name, .storage(damage[0]), epoch)
        }
    }

    /// Takes a replica out that still has everything, in a turn: only where another one says that it has, too.
    func takeOutOfMany(_ name: String, _ reason: ShardError, _ epoch: Epoch) async throws(ShardError) {
        let group = try await currentGroup().group
        let term = try leading(epoch)
        guard term.inSync.contains(name) else { return }
        let others = group.inSync.filter { $0.name != name }
        guard !others.isEmpty else { return }
        try await confirm(others, term.guarding)
        try await remove([(name, reason)], keeping: group.minimumInSync)
        do throws(ShardError) {
            try await confirm(others, term.guarding)
        } catch {
            try await restore([name], in: group)
            throw error
        }
    }

    private func takeOut(_ replica: Replica, _ error: ShardError, _ epoch: Epoch) async {
        try? await turn.run { () throws(ShardError) in
            let group = try await self.currentGroup().group
            guard try self.leading(epoch).inSync.contains(replica.name) else { return }
            try await self.remove([(replica.name, error)], keeping: group.minimumInSync)
        }
    }
}

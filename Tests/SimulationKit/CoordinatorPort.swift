import ShardProtocol

/// A coordinator's own end of a link to a shard: it falls silent with its coordinator.
///
/// What has left before still arrives; its answer reaches nobody.
final class CoordinatorPort: ShardClient {
    private let link: SimulatedLink
    private let life: CoordinatorLife
    private let time: VirtualTime
    private let election: SimulatedElection?

    init(_ link: SimulatedLink, of life: CoordinatorLife, time: VirtualTime, election: SimulatedElection? = nil) {
        self.link = link
        self.life = life
        self.time = time
        self.election = election
    }

    func call(_ request: ShardRequest) async throws(ShardError) -> ShardAnswer {
        if life.sends(request) {
            if let commit = request.commit { election?.writes(in: commit.epoch) }
            let answer: Result<ShardAnswer, ShardError>
            do throws(ShardError) {
                answer = .success(try await link.call(request))
            } catch {
                answer = .failure(error)
            }
            if life.isAlive { return try answer.get() }
        }
        // Its loops go on until they are cancelled; they must not spin meanwhile.
        await time.sleep(microseconds: 1_000)
        throw .unavailable("this coordinator was killed")
    }
}

extension ShardRequest {
    /// What is to be written, also where it stands behind a guard.
    var commit: CommitRequest? {
        switch self {
        case .commit(let commit): commit
        case .guarded(_, let request): request.commit
        default: nil
        }
    }
}

import Identifiers
import ShardProtocol
import Locks

/// The lanes of a term, one for each shard that holds anything; further ones open while slots move.
final class CommitLanes: Sendable {
    /// A lane and where it begins.
    struct Opened: Sendable {
        var lane: CommitLane
        var mark: Recovery.Mark
    }

    private struct State {
        var lanes: [CommitLane?] = []
        var ended: ShardError?
    }

    private let state = Mutex(State())
    private let make: @Sendable (any ShardClient) -> CommitLane
    /// Lanes that wait to be run.
    private let opened: AsyncStream<Opened>
    private let opening: AsyncStream<Opened>.Continuation

    init(_ make: @escaping @Sendable (any ShardClient) -> CommitLane) {
        self.make = make
        (opened, opening) = AsyncStream.makeStream(of: Opened.self)
    }

    /// All lanes, in the order of shards.
    var all: [CommitLane] { state.withLock { $0.lanes.compactMap { $0 } } }

    /// Whether there is a lane to a shard.
    func has(_ shard: ShardID) -> Bool {
        state.withLock { $0.lanes.indices.contains(Int(shard.rawValue)) && $0.lanes[Int(shard.rawValue)] != nil }
    }

    /// Opens the lane to a shard that was fenced.
    func open(_ shard: ShardID, _ client: any ShardClient, from mark: Recovery.Mark) {
        let lane = make(client)
        state.withLock { state in
            while state.lanes.count <= Int(shard.rawValue) { state.lanes.append(nil) }
            state.lanes[Int(shard.rawValue)] = lane
        }
        opening.yield(Opened(lane: lane, mark: mark))
    }

    /// Lines up a part, see `CommitLane`.
    func enqueue(_ operations: OperationWriter, to shard: Int, through: Sequence, receipt: CommitReceipt) {
        let lane = state.withLock { $0.lanes.indices.contains(shard) ? $0.lanes[shard] : nil }
        guard let lane else { return receipt.fail(.unavailable("there is no way to \(ShardID(UInt16(shard)))")) }
        lane.enqueue(operations, through: through, receipt: receipt)
    }

    /// Ends all lanes: nothing more reaches a shard in this term.
    func end(_ error: ShardError) {
        opening.finish()
        for lane in all { lane.end(error) }
    }

    /// Runs every lane that is open or opens, until one fails or all are ended.
    ///
    /// - Throws: the first error that no repetition can mend.
    func run() async throws(ShardError) {
        let failure = await withTaskGroup(of: ShardError?.self) { group in
            for await next in opened {
                group.addTask {
                    do throws(ShardError) {
                        try await next.lane.run(from: next.mark)
                        return nil
                    } catch {
                        self.end(error)
                        return error
                    }
                }
            }
            var failure: ShardError?
            for await one in group { failure = failure ?? one }
            return failure
        }
        if let failure { throw failure }
    }
}

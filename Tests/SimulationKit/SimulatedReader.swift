import Coordinator
import Identifiers

/// Reads single records while everything fails, and follows the change feed.
struct SimulatedReader: Sendable {
    let registry: CurrentRegistry
    let time: VirtualTime
    let operations: OperationLog
    let follower: FeedFollower?
    let staleness: StalenessChecker?
    /// Whether it can be said what a read ought to show.
    let readsRecords: Bool
    let seed: UInt64

    /// Reads until told to stop.
    func run(while isWanted: @Sendable () -> Bool) async {
        var random = SimulationRandom(seed: seed)
        while isWanted(), !Task.isCancelled {
            await time.sleep(microseconds: 1_000 + random.next(below: 20_000))
            if let follower, random.chance(300) {
                await follower.read(from: registry.reached(&random))
            } else if readsRecords {
                await readOne(&random)
            }
        }
    }

    private func readOne(_ random: inout SimulationRandom) async {
        let keys = operations.keys
        guard !keys.isEmpty else { return }
        let key = keys[Int(random.next(below: UInt64(keys.count)))]
        let asked = registry.reached(&random)
        let least = staleness?.least(of: key)
        let began = staleness == nil ? operations.begin(.read, of: key) : 0
        guard let found = try? await Self.read(key, from: asked) else { return }
        if let staleness, let least {
            staleness.note(key, found.version, least)
        } else {
            operations.end(began, of: key, found.answer)
        }
    }

    /// Reads a record: its version, also where it was removed, and what a history of it says.
    static func read(
        _ key: RecordKey,
        from registry: Registry
    ) async throws(RegistryError) -> (version: UInt32, answer: OperationLog.Answer) {
        guard let record = try await registry.record(key), !record.isUnsearched else {
            return (0, .nothing(version: 0))
        }
        return (
            record.version,
            record.deleted ? .nothing(version: record.version) : .found(version: record.version, record.document)
        )
    }
}

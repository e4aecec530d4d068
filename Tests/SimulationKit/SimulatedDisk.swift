import Locks
public import ShardStore

/// A disk in memory that keeps what is synced apart from what is only written, so that it can crash.
///
/// Fault model: a crash loses any of the sectors written since the last sync of their file, each by itself and in any
/// order, which tears frames; what was synced stays. Creating, renaming, removing and cutting are durable at once. The
/// disk can be full, and it can go down by itself at the n-th operation.
public final class SimulatedDisk: Sendable {
    /// Sectors are written as a whole or not at all.
    public static let sectorBytes = 512

    /// A file apart from its name, which may change while it is open.
    struct File {
        var content: [UInt8]
        var synced: [UInt8]
        /// First bytes of sectors written since the last sync, in order.
        var dirty: Set<Int> = []
    }

    struct State {
        var names: [String: Int] = [:]
        var files: [Int: File] = [:]
        var nextFile = 0
        var random: SimulationRandom
        var generation = 0
        var isDown = false
        var operationsLeft: Int?
        var freeBytes: Int
        var operations = 0
    }

    private let state: Mutex<State>
    /// Whether a sync does nothing, as if the program had forgotten it.
    let skipSync: Bool

    /// Makes an empty disk.
    public init(seed: UInt64, freeBytes: Int = 1 << 30, skipSync: Bool = false) {
        self.skipSync = skipSync
        state = Mutex(State(random: SimulationRandom(seed: seed), freeBytes: freeBytes))
    }

    /// Goes down at the n-th operation from now on, half way through it; `nil` for never.
    public func goDown(afterOperations count: Int?) { state.withLock { $0.operationsLeft = count } }

    /// Sets how much room there is.
    public func set(freeBytes: Int) { state.withLock { $0.freeBytes = freeBytes } }

    /// Whether the disk went down.
    public var isDown: Bool { state.withLock { $0.isDown } }

    /// Operations done so far.
    public var operations: Int { state.withLock { $0.operations } }

    /// Loses what is not synced, in part, and makes every file that is open useless; the disk works again afterwards.
    public func crash() {
        state.withLock { state in
            for number in state.files.keys.sorted() {
                guard var file = state.files[number] else { continue }
                // All, nothing, or any sectors: each of the three finds other faults.
                let kept = state.random.next(below: 3)
                for sector in file.dirty.sorted() where kept == 2 || kept == 1 && state.random.chance(500) {
                    let end = min(sector + SimulatedDisk.sectorBytes, file.content.count, file.synced.count)
                    if sector < end { file.synced[sector..<end] = file.content[sector..<end] }
                }
                file.content = file.synced
                file.dirty = []
                state.files[number] = file
            }
            state.generation += 1
            state.isDown = false
            state.operationsLeft = nil
        }
    }

    /// Damages one byte of a file, as a failing disk would.
    public func flipByte(of name: String, at offset: Int) {
        state.withLock { state in
            guard let number = state.names[name] else { return }
            state.files[number]?.content[offset] ^= 0x55
            state.files[number]?.synced[offset] ^= 0x55
        }
    }

    /// The content of a file.
    public func content(of name: String) -> [UInt8]? {
        state.withLock { state in state.names[name].flatMap { state.files[$0]?.content } }
    }

    /// Names of all files, in order.
    public var names: [String] { state.withLock { $0.names.keys.sorted() } }

    /// The face of the disk that a log sees, until the next crash.
    public func directory() -> any LogDirectory {
        SimulatedDirectory(disk: self, generation: state.withLock { $0.generation })
    }

    /// Counts an operation of something else that lies on the same disk and takes room for good.
    ///
    /// - Throws: `StoreError` while the disk is down or full.
    public func step(needing bytes: Int = 0) throws(StoreError) {
        try perform("step", generation: nil) { state, _ throws(StoreError) in
            if bytes > state.freeBytes { throw .diskFull }
            state.freeBytes -= bytes
        }
    }

    func giveBack(_ bytes: Int) { state.withLock { $0.freeBytes += bytes } }

    func size(of number: Int) -> Int { state.withLock { $0.files[number]?.content.count ?? 0 } }

    /// Runs an operation; the closure is told whether the disk goes down in the middle of it.
    func perform<Result>(
        _ name: String,
        generation: Int?,
        _ body: (inout State, _ dies: Bool) throws(StoreError) -> Result
    ) throws(StoreError) -> Result {
        let outcome = state.withLock { state -> Swift.Result<Result, StoreError> in
            let down = StoreError.system(operation: name, name: "simulated disk", code: 5)
            if state.isDown || generation.map({ $0 != state.generation }) ?? false { return .failure(down) }
            state.operations += 1
            var dies = false
            if let left = state.operationsLeft {
                dies = left <= 1
                state.operationsLeft = left - 1
            }
            state.isDown = dies
            do throws(StoreError) {
                let result = try body(&state, dies)
                return dies ? .failure(down) : .success(result)
            } catch {
                return .failure(error)
            }
        }
        return try outcome.get()
    }
}

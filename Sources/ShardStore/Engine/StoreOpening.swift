internal import Matching
internal import ShardProtocol

/// What a store is after its log was replayed; makes a `StoreCore`.
public struct RecoveredStore: Sendable {
    let configuration: StoreConfiguration
    let delta: Delta
    let tail: LogTail
    /// What the log held.
    public let replay: LogReplay

    /// Replays what the log has and the state has not, and cuts what a crash left unfinished.
    ///
    /// - Parameters:
    ///   - configuration: the bounds.
    ///   - directory: where the log is.
    ///   - state: what lies under the log.
    ///   - salt: a number that no one outside can guess; it keeps bytes of records from being taken for log frames.
    ///   - vault: the keys that the log is sealed under; `nil` for a log in clear.
    /// - Returns: the log, open for appending, and what makes the core.
    /// - Throws: `StoreError`; nothing that was durable is changed then.
    public static func open(
        _ configuration: StoreConfiguration,
        log directory: any LogDirectory,
        state: any StateStore,
        salt: UInt64,
        vault: Vault? = nil
    ) throws(StoreError) -> (log: WriteAheadLog, store: RecoveredStore) {
        let start = try mark(of: state)
        var delta = Delta(after: start)
        let (log, replay) = try WriteAheadLog.open(
            directory,
            segmentBytes: configuration.segmentBytes,
            salt: salt,
            applied: start.frame,
            vault: vault
        ) { frame throws(StoreError) in
            StoreCore.apply(frame.kind, frame.payload, number: frame.number, to: delta)
            delta.advance(
                to: frame.number,
                frame.epoch,
                message: frame.message,
                frame.through,
                logBytes: frame.length
            )
            // As little memory as while it ran.
            guard delta.bytes >= configuration.freezeBytes else { return }
            try state.apply(DeltaChanges(delta), mark: delta.mark)
            while state.isUntidy, try state.tidy({ false }) {}
            delta = Delta(after: delta.mark)
        }
        if replay.frames > 0, delta.isEmpty { try log.cut(through: log.tail.cut(through: delta.mark.frame)) }
        return (log, RecoveredStore(configuration: configuration, delta: delta, tail: log.tail, replay: replay))
    }

    private static func mark(of state: any StateStore) throws(StoreError) -> StateMark {
        let reader = try state.makeReader()
        try reader.begin()
        defer { reader.end() }
        return try reader.mark()
    }
}

extension StoreCore {
    /// Makes the core of a store that was opened over this state.
    ///
    /// - Throws: `StoreError` where a kept rule set cannot be read.
    public convenience init(_ recovered: RecoveredStore, state: any StateStore) throws(StoreError) {
        self.init(
            configuration: recovered.configuration,
            reader: try state.makeReader(),
            active: recovered.delta,
            tail: recovered.tail,
            recovery: recovered.replay
        )
        try loadRules()
    }

    /// Compiles the rule sets that are kept in the state and in the replayed log.
    private func loadRules() throws(StoreError) {
        var found: [InstalledRules] = []
        try view { view throws(StoreError) in
            var keys: [StoreKey] = []
            try view.state.walk(.local, from: StoreKey(0)) { key, _ in
                keys.append(key)
                return true
            }
            let fresh = view.active.table(.local)
            for position in 0..<fresh.count { keys.append(fresh.entries[position].key) }
            for key in Set(keys).sorted() {
                guard let row = try view.row(.local, key) else { continue }
                found.append(try StoreCore.decodeRules(key, row))
            }
        }
        found.sort { $0.number < $1.number }
        for one in found { keep(one) }
    }

    private static func decodeRules(
        _ key: StoreKey,
        _ row: UnsafeRawBufferPointer
    ) throws(StoreError) -> InstalledRules {
        let headLength = MemoryLayout<UInt64>.size
        guard row.count > headLength else { throw .state("a rule set is cut short") }
        let number = UInt64(littleEndian: row.loadUnaligned(as: UInt64.self))
        do throws(RuleSetError) {
            let set = try RuleSet(decoding: [UInt8](row[headLength...]))
            return InstalledRules(number: number, key: key, set: set)
        } catch {
            throw .state("a rule set cannot be read: \(error)")
        }
    }
}

internal import ShardProtocol

/// The whole store at one moment: the active delta over the frozen one over a snapshot of the state.
///
/// What it lends is valid until the snapshot is given back or the delta is changed.
struct StoreView {
    let active: Delta
    let frozen: Delta?
    let state: any StateReader

    /// Lends a row's value, or `nil`.
    func row(_ table: StateTable, _ key: StoreKey) throws(StoreError) -> UnsafeRawBufferPointer? {
        switch active.find(table, key) {
        case .value(let value): return value
        case .removed: return nil
        case .unknown: break
        }
        if let frozen {
            switch frozen.find(table, key) {
            case .value(let value): return value
            case .removed: return nil
            case .unknown: break
            }
        }
        return try state.get(table, key)
    }

    /// Says which blocks are read soon.
    func announce(blocks keys: [UInt64]) {
        for key in keys {
            active.blocks.announce(key)
            frozen?.blocks.announce(key)
        }
        state.announce(blocks: keys)
    }

    /// Says which blocks are read next, after they were announced.
    func expect(blocks keys: [UInt64]) {
        for key in keys {
            active.blocks.expect(key)
            frozen?.blocks.expect(key)
        }
        state.expect(blocks: keys)
    }

    /// Says that a row is read soon.
    func announce(_ table: StateTable, _ key: StoreKey) {
        active.table(table).announce(key.hash, key.sub)
        frozen?.table(table).announce(key.hash, key.sub)
        state.announce(table, key)
    }

    /// Says that a row is read next, after it was announced.
    func expect(_ table: StateTable, _ key: StoreKey) {
        active.table(table).expect(key.hash, key.sub)
        frozen?.table(table).expect(key.hash, key.sub)
        state.expect(table, key)
    }

    /// The changes that the deltas make to a block, of one record the newest first.
    func newestChanges(_ key: UInt64, _ changes: inout [PostingChange]) {
        changes.removeAll(keepingCapacity: true)
        active.collect(key, into: &changes)
        frozen?.collect(key, into: &changes)
    }

    /// The changes that the deltas make to a block, in the order of records.
    func changes(_ key: UInt64, _ changes: inout [PostingChange]) {
        changes.removeAll(keepingCapacity: true)
        active.collect(key, into: &changes)
        let newer = changes.count
        frozen?.collect(key, into: &changes)
        guard changes.count > 1 else { return }
        if newer == 0 || newer == changes.count {
            changes.sort { $0.record < $1.record }
            return
        }
        // Of two changes of one record the active delta's stands first and counts.
        var ranked = changes.enumerated().map { (change: $1, isOld: $0 >= newer) }
        ranked.sort {
            $0.change.record != $1.change.record ? $0.change.record < $1.change.record : !$0.isOld && $1.isOld
        }
        changes.removeAll(keepingCapacity: true)
        for one in ranked where changes.last?.record != one.change.record { changes.append(one.change) }
    }
}

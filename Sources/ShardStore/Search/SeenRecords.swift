internal import Bytes

/// The records that a query met already; emptied by counting up, so that no memory is touched for it.
struct SeenRecords: ~Copyable {
    private var records: UnsafeMutablePointer<UInt64>
    private var rounds: UnsafeMutablePointer<UInt32>
    /// At first as much as stays in the processor's nearest cache; most queries meet some dozen records.
    private var capacity = 512
    private var count = 0
    private var round: UInt32 = 1

    init() {
        records = .allocate(capacity: capacity)
        rounds = .allocate(capacity: capacity)
        records.initialize(repeating: 0, count: capacity)
        rounds.initialize(repeating: 0, count: capacity)
    }

    deinit {
        records.deallocate()
        rounds.deallocate()
    }

    /// Forgets all records.
    mutating func clear() {
        count = 0
        round &+= 1
        if round == 0 {
            rounds.update(repeating: 0, count: capacity)
            round = 1
        }
    }

    /// Notes a record; answers whether it is new.
    mutating func insert(_ record: UInt64) -> Bool {
        if count * 2 >= capacity { grow() }
        var place = Int(truncatingIfNeeded: KeyHash.mix(record)) & (capacity - 1)
        while rounds[place] == round {
            if records[place] == record { return false }
            place = (place + 1) & (capacity - 1)
        }
        records[place] = record
        rounds[place] = round
        count += 1
        return true
    }

    private mutating func grow() {
        let (oldRecords, oldRounds, oldCapacity) = (records, rounds, capacity)
        capacity *= 2
        records = .allocate(capacity: capacity)
        rounds = .allocate(capacity: capacity)
        records.initialize(repeating: 0, count: capacity)
        rounds.initialize(repeating: 0, count: capacity)
        for old in 0..<oldCapacity where oldRounds[old] == round {
            var place = Int(truncatingIfNeeded: KeyHash.mix(oldRecords[old])) & (capacity - 1)
            while rounds[place] == round { place = (place + 1) & (capacity - 1) }
            records[place] = oldRecords[old]
            rounds[place] = round
        }
        oldRecords.deallocate()
        oldRounds.deallocate()
    }
}

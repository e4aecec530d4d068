internal import BatchLinkage
internal import Coordinator
internal import Identifiers
internal import Identity

/// Decides the records of a bulk load one after another, each against those before it.
struct BulkDecisions {
    private var sequencer: BulkSequencer
    private let neighbourhoods: Neighbourhoods
    private let now: UInt64
    private var isDecided: [Bool]
    /// Records decided.
    private(set) var count = 0

    /// Begins with none.
    init(sequencer: BulkSequencer, neighbourhoods: Neighbourhoods, now: UInt64) {
        self.sequencer = sequencer
        self.neighbourhoods = neighbourhoods
        self.now = now
        isDecided = [Bool](repeating: false, count: neighbourhoods.ids.count)
    }

    /// The last write.
    var last: Sequence { sequencer.last }

    /// Decides the next record.
    ///
    /// - Throws: `BulkError`.
    mutating func add(_ write: BulkWrite) throws(BulkError) {
        var earlier: [IdentityChange.Neighbour] = []
        var isAwaited = false
        if let position = neighbourhoods.position(of: write.id) {
            for neighbour in neighbourhoods.neighbours(of: position) {
                if isDecided[neighbour.position] {
                    earlier.append(.init(neighbourhoods.ids[neighbour.position], neighbour.weight))
                } else {
                    isAwaited = true
                }
            }
            isDecided[position] = true
        }
        try sequencer.decide(write, neighbours: earlier, isAwaited: isAwaited, at: now)
        count += 1
    }

    /// What was decided since the last call, by shard.
    mutating func take() -> [(shard: ShardID, operations: [UInt8])] { sequencer.take() }
}

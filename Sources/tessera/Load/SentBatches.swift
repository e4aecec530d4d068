/// Batches that were sent over a stream, from the first record without a result on.
struct SentBatches: Sendable {
    private var batches: [LoadBatch] = []
    /// Batches at the front that have been answered wholly; cut off from time to time.
    private var head = 0
    /// Records of the batch at `head` that have a result.
    private var answered = 0

    /// Records without a result.
    private(set) var records = 0
    /// Bytes of the batches that hold them.
    private(set) var bytes = 0

    var isEmpty: Bool { records == 0 }

    /// Adds a batch that is being sent.
    mutating func append(_ batch: LoadBatch) {
        batches.append(batch)
        records += batch.entries.count
        bytes += batch.bytes.count
    }

    /// The record that the next result is about; `nil` where none is expected.
    mutating func next() -> (batch: LoadBatch, index: Int)? {
        guard records > 0 else { return nil }
        let batch = batches[head]
        let index = answered
        records -= 1
        answered += 1
        if answered == batch.entries.count {
            bytes -= batch.bytes.count
            head += 1
            answered = 0
            if head == batches.count || head > 64 {
                batches.removeFirst(head)
                head = 0
            }
        }
        return (batch, index)
    }

    /// Takes out everything without a result, in order.
    mutating func removeAll() -> [LoadBatch] {
        defer { self = SentBatches() }
        guard records > 0 else { return [] }
        return [batches[head].suffix(from: answered)] + batches[(head + 1)...]
    }
}

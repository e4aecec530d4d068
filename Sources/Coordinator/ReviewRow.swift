import Bytes
import Identity
import ShardProtocol

/// A question for a data steward, as stored in table `review` while it is open.
struct ReviewRow {
    var task: ReviewTask
    /// When it was raised, in milliseconds since 1970.
    var raised: UInt64

    init(task: ReviewTask, raised: UInt64) {
        self.task = task
        self.raised = raised
    }

    func encoded() -> [UInt8] {
        var writer = ByteWriter(capacity: 64)
        writer.write(UInt8(1))
        writer.write(raised)
        writer.write(raw: IdentityEvent.reviewRaised(task).encoded())
        return writer.bytes
    }

    init(decoding bytes: [UInt8]) throws(RowError) {
        self = try RowError.decode(bytes, table: .review) { reader throws(ByteError) in
            let raised: UInt64 = try reader.read()
            let raw = try reader.readRaw(reader.remaining)
            guard case .reviewRaised(let task)? = try? IdentityEvent(decoding: raw) else {
                throw ByteError.trailing(at: 9)
            }
            return ReviewRow(task: task, raised: raised)
        }
    }
}

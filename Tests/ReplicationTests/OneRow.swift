import Identifiers
import ShardProtocol
import Topology

/// A commit of one row and one posting; without a value the row is removed.
func commit(_ epoch: UInt64, _ number: UInt64, _ value: UInt8?, key: UInt64 = 7) -> CommitRequest {
    var writer = OperationWriter()
    if let value { writer.put(.home, StoreKey(key), [value]) } else { writer.delete(.home, StoreKey(key)) }
    writer.post(key: key, sketch: SketchBits(1), record: RecordID(number))
    return CommitRequest(
        epoch: Epoch(epoch),
        number: number,
        through: Sequence(number),
        operations: writer.bytes
    )
}

/// The question for the row that such a commit writes where nothing else is said.
let row = ShardRequest.read(ReadRequest(rows: [.init(.home, StoreKey(7))]))

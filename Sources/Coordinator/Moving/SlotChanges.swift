import Identifiers
import ShardProtocol

/// What a copy or a removal of slots has found to be written, gathered from many small tables into few messages.
///
/// A message of each table of each slot would cost a sync of the log each: on a small store nearly all of a move.
struct SlotChanges {
    /// Bytes after which a message is sent: writes of clients wait behind it in the lane for as long as it takes.
    ///
    /// With half a megabyte, some ten thousand removals, one write in a hundred waited for tens of milliseconds.
    static let messageBytes = 128 << 10

    private var rows: [(table: StoreTable, key: StoreKey, value: [UInt8]?)] = []
    private var features: [(record: RecordID, row: [UInt8]?)] = []
    private var postings: [(place: StoreKey, sketch: SketchBits?)] = []
    private var bytes = 0

    /// Whether there is nothing to be written.
    var isEmpty: Bool { rows.isEmpty && features.isEmpty && postings.isEmpty }

    /// Whether there is enough for a message.
    var isFull: Bool { bytes >= Self.messageBytes }

    /// Notes a row to be written, or removed where there is no value.
    mutating func add(_ table: StoreTable, _ key: StoreKey, _ value: [UInt8]?) {
        rows.append((table, key, value))
        bytes += 24 + (value?.count ?? 0)
    }

    /// Notes a feature row to be written, or removed where there is none.
    mutating func add(feature record: RecordID, _ row: [UInt8]?) {
        features.append((record, row))
        bytes += 24 + (row?.count ?? 0)
    }

    /// Notes a posting to be written, or removed where it has no sketch.
    mutating func add(posting place: StoreKey, _ sketch: SketchBits?) {
        postings.append((place, sketch))
        bytes += 48
    }

    /// The operations, without those that what was written meanwhile speaks against.
    ///
    /// - Parameters:
    ///   - isFree: whether a row may be written.
    ///   - isFreeFeature: whether a feature row may be.
    ///   - isFreePosting: whether a posting may be; told whether it would be written or removed.
    /// - Returns: what is to be written.
    func operations(
        isFree: (StoreTable, StoreKey) -> Bool,
        isFreeFeature: (RecordID) -> Bool,
        isFreePosting: (StoreKey, _ isRemoval: Bool) -> Bool
    ) -> OperationWriter {
        var writer = OperationWriter(capacity: bytes + 1_024)
        for row in rows where isFree(row.table, row.key) {
            if let value = row.value {
                writer.put(row.table, row.key, value)
            } else {
                writer.delete(row.table, row.key)
            }
        }
        for feature in features where isFreeFeature(feature.record) {
            let key = StoreKey(feature.record.rawValue)
            if let row = feature.row { writer.put(.feature, key, row) } else { writer.delete(.feature, key) }
        }
        for posting in postings where isFreePosting(posting.place, posting.sketch == nil) {
            let record = RecordID(posting.place.sub)
            if let sketch = posting.sketch {
                writer.post(key: posting.place.hash, sketch: sketch, record: record)
            } else {
                writer.unpost(key: posting.place.hash, record: record)
            }
        }
        return writer
    }
}

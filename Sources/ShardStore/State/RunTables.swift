internal import Bytes
import LMDB

/// The tables of a run's file, and how rows are written in them.
///
/// Rows and chunks of postings stand as `StoredValue` says.
///
/// `removal` has under a blocking key the records whose postings were taken out, 8 bytes each, in order.
struct RunTables: Sendable {
    /// The format that this program writes and reads; 1 was one file that was changed in place, 2 had
    /// sketches of 8 bytes.
    static let format: UInt32 = 3
    /// The format of runs whose rows' values are sealed; the row `key` proves under which key.
    static let sealedFormat: UInt32 = 4
    static let formatKey = Array("format".utf8)
    static let summaryKey = Array("summary".utf8)
    static let keyKey = Array("key".utf8)
    static let indexKey = Array("index".utf8)
    static let names = ["store", "posting", "removal"] + StateTable.allCases.map { "\($0)" }

    let store: Table
    let posting: Table
    let removal: Table
    private let rows: [Table]

    /// Takes tables in the order of `names`.
    init(_ opened: [Table]) {
        store = opened[0]
        posting = opened[1]
        removal = opened[2]
        rows = Array(opened[3...])
    }

    subscript(table: StateTable) -> Table { rows[Int(table.rawValue)] }
}

/// How much a run holds.
struct RunSummary: Equatable {
    private static let length = (StateTable.allCases.count + 3) * 8

    /// Rows by table, removed ones included.
    var rows = [UInt64](repeating: 0, count: StateTable.allCases.count)
    var postings: UInt64 = 0
    var removals: UInt64 = 0
    /// Blocking keys that have postings or removals.
    var blocks: UInt64 = 0

    init() {}

    init?(_ stored: UnsafeRawBufferPointer?) {
        guard let stored, stored.count == RunSummary.length else { return nil }
        func number(_ index: Int) -> UInt64 {
            UInt64(littleEndian: stored.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self))
        }
        rows = StateTable.allCases.indices.map { number($0) }
        postings = number(rows.count)
        removals = number(rows.count + 1)
        blocks = number(rows.count + 2)
    }

    /// What the index has a slot for.
    var keys: UInt64 { rows.reduce(blocks) { $0 &+ $1 } }

    var bytes: [UInt8] {
        var writer = ByteWriter(capacity: RunSummary.length)
        for number in rows + [postings, removals, blocks] { writer.write(number) }
        return writer.bytes
    }
}

/// Turns LMDB's errors into the store's.
func mapped<Result: ~Copyable>(_ body: () throws(LMDBError) -> Result) throws(StoreError) -> Result {
    do throws(LMDBError) {
        return try body()
    } catch {
        throw StoreError(error)
    }
}

extension StoreError {
    init(_ error: LMDBError) {
        self =
            switch error.kind {
            case .full: .diskFull
            case .damaged: .damaged(error.description)
            default: .state(error.description)
            }
    }
}

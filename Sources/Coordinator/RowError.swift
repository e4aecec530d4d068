import Bytes
import ShardProtocol

/// A stored row that this program cannot read: damaged, or written by a version it does not know.
enum RowError: Error, Equatable {
    case unknownFormat(StoreTable, UInt8)
    case malformed(StoreTable)

    /// Reads the format byte, then the rest, and insists that nothing is left.
    static func decode<T>(
        _ bytes: [UInt8],
        table: StoreTable,
        format: UInt8 = 1,
        _ body: (inout ByteReader) throws(ByteError) -> T
    ) throws(RowError) -> T {
        let result = bytes.withUnsafeBytes { buffer -> Result<T, RowError> in
            var reader = ByteReader(buffer)
            do throws(ByteError) {
                let found: UInt8 = try reader.read()
                guard found == format else { return .failure(.unknownFormat(table, found)) }
                let value = try body(&reader)
                try reader.finish()
                return .success(value)
            } catch {
                return .failure(.malformed(table))
            }
        }
        return try result.get()
    }

    var text: String {
        switch self {
        case .unknownFormat(let table, let format): "row of table \(table) has the unknown format \(format)"
        case .malformed(let table): "row of table \(table) is damaged"
        }
    }
}

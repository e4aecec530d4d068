import LMDB

/// Plays a program of another version: writes a format number into a state's file.
enum StateFormat {
    static func write(_ version: UInt32, to path: String) throws {
        let environment = try Environment(path: path)
        let table = try environment.openTables(["store"])[0]
        try environment.write { txn throws(LMDBError) in
            try Array("format".utf8).withUnsafeBufferPointer { key throws(LMDBError) in
                try withUnsafeBytes(of: version.littleEndian) { value throws(LMDBError) in
                    try txn.put(table, UnsafeRawBufferPointer(key), value)
                }
            }
        }
    }
}

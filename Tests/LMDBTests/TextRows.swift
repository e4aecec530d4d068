import LMDB

extension String {
    /// Lends the bytes of the text.
    func lent<Result>(_ body: (UnsafeRawBufferPointer) throws(LMDBError) -> Result) throws(LMDBError) -> Result {
        try Array(utf8).withUnsafeBufferPointer { bytes throws(LMDBError) in try body(UnsafeRawBufferPointer(bytes)) }
    }

    init(lent bytes: UnsafeRawBufferPointer) { self.init(decoding: bytes, as: UTF8.self) }
}

extension WriteTransaction {
    func put(_ table: Table, _ key: String, _ value: String) throws(LMDBError) {
        try key.lent { key throws(LMDBError) in
            try value.lent { value throws(LMDBError) in try put(table, key, value) }
        }
    }
}

extension ReadTransaction {
    func get(_ table: Table, _ key: String) throws(LMDBError) -> String? {
        try key.lent { key throws(LMDBError) in try get(table, key).map { String(lent: $0) } }
    }
}

extension PooledReader {
    func get(_ table: Table, _ key: String) throws(LMDBError) -> String? {
        try key.lent { key throws(LMDBError) in try get(table, key).map { String(lent: $0) } }
    }
}

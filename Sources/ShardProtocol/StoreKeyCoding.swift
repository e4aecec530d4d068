import Bytes

extension StoreKey {
    /// Writes hash and second part, 16 bytes.
    func write(into writer: inout ByteWriter) {
        writer.write(hash)
        writer.write(sub)
    }

    /// Reads what `write(into:)` wrote.
    init(from reader: inout ByteReader) throws(ByteError) {
        self.init(try reader.read(), sub: try reader.read())
    }

    /// Writes where a listing goes on: a byte that says whether it does, then the key.
    static func write(next: StoreKey?, into writer: inout ByteWriter) {
        writer.write(UInt8(next == nil ? 0 : 1))
        next?.write(into: &writer)
    }

    /// Reads what `write(next:into:)` wrote.
    static func next(from reader: inout ByteReader) throws(ByteError) -> StoreKey? {
        let more: UInt8 = try reader.read()
        return more == 0 ? nil : try StoreKey(from: &reader)
    }
}

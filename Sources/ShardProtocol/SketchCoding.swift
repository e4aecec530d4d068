public import Bytes
public import Identifiers

extension SketchBits {
    /// Writes the three words, 24 bytes.
    public func write(into writer: inout ByteWriter) {
        writer.write(words.first)
        writer.write(words.second)
        writer.write(words.third)
    }

    /// Reads three words.
    ///
    /// - Throws: `ByteError` where the bytes end before them.
    public init(from reader: inout ByteReader) throws(ByteError) {
        self.init(try reader.read(), try reader.read(), try reader.read())
    }
}

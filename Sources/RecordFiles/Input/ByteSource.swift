/// Where bytes come from, a piece at a time.
protocol ByteSource: AnyObject {
    /// Puts the next bytes at the start of `buffer` and tells how many; 0 means the end.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(RecordFileError) -> Int
}

/// Bytes that are in memory already.
final class MemorySource: ByteSource {
    private let bytes: [UInt8]
    private var position = 0
    /// Most bytes handed out at once; tests make it small to put every boundary everywhere.
    private let pieceLength: Int

    init(_ bytes: [UInt8], pieceLength: Int = .max) {
        self.bytes = bytes
        self.pieceLength = pieceLength
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        let count = min(buffer.count, bytes.count - position, pieceLength)
        bytes.withUnsafeBytes {
            buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[position..<(position + count)]))
        }
        position += count
        return count
    }
}

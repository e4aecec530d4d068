/// A file opened for reading, unfolded when its first bytes say that it is compressed.
struct InputFile {
    /// Where the unfolded bytes come from.
    let source: any ByteSource
    /// The file itself, for progress; `nil` for bytes in memory.
    let file: FileSource?

    init(path: String) throws(RecordFileError) {
        let file = try FileSource(path: path)
        self.file = file
        source = try Self.unfolded(file)
    }

    init(bytes: [UInt8], pieceLength: Int = .max) throws(RecordFileError) {
        file = nil
        source = try Self.unfolded(MemorySource(bytes, pieceLength: pieceLength))
    }

    /// Looks at the first two bytes: gzip begins with 1F 8B, whatever the file is called.
    private static func unfolded(_ source: any ByteSource) throws(RecordFileError) -> any ByteSource {
        let peeked = try PeekedSource(source, count: 2)
        return peeked.first == [0x1F, 0x8B] ? try GzipSource(peeked) : peeked
    }
}

/// A source of which the first bytes were looked at and are given again.
final class PeekedSource: ByteSource {
    /// The bytes that were looked at; fewer than asked for when the source is shorter.
    let first: [UInt8]
    private let inner: any ByteSource
    private var given = 0

    init(_ inner: any ByteSource, count: Int) throws(RecordFileError) {
        self.inner = inner
        var bytes: [UInt8] = []
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 1)
        defer { buffer.deallocate() }
        while bytes.count < count {
            let length = try inner.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<(count - bytes.count)]))
            guard length > 0 else { break }
            bytes.append(contentsOf: buffer[..<length])
        }
        first = bytes
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(RecordFileError) -> Int {
        guard given < first.count else { return try inner.read(into: buffer) }
        let count = min(buffer.count, first.count - given)
        buffer.copyBytes(from: first[given..<(given + count)])
        given += count
        return count
    }
}

/// Memory for the values of a delta: taken piece by piece, given back as a whole.
struct DeltaArena: ~Copyable {
    /// Small enough that a delta of a few rows costs little, large enough that a chunk is seldom asked for.
    private static let chunkBytes = 256 << 10
    private static let alignment = 8

    private var chunks: [UnsafeMutableRawPointer] = []
    private var next: UnsafeMutableRawPointer?
    private var left = 0
    /// Bytes taken.
    private(set) var bytes = 0

    init() {}

    deinit {
        for chunk in chunks { chunk.deallocate() }
    }

    /// Takes room for a value.
    mutating func take(_ count: Int) -> UnsafeMutableRawPointer {
        let size = (max(count, 1) + DeltaArena.alignment - 1) & ~(DeltaArena.alignment - 1)
        bytes += size
        if size <= left, let start = next {
            next = start + size
            left -= size
            return start
        }
        let chunk = UnsafeMutableRawPointer.allocate(
            byteCount: max(size, DeltaArena.chunkBytes),
            alignment: DeltaArena.alignment
        )
        chunks.append(chunk)
        // A value that fills a chunk of its own leaves the current one in use.
        if size < DeltaArena.chunkBytes {
            next = chunk + size
            left = DeltaArena.chunkBytes - size
        }
        return chunk
    }
}

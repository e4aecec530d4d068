internal import CZlib

/// Folds bytes into one gzip member (RFC 1952) as they come.
///
///     let folder = GzipFolder()
///     file.write(folder.fold(bytes))
///     file.write(folder.finish())
public final class GzipFolder {
    /// zlib's own middle: half a percent longer than its best at a third of the time.
    private static let level: Int32 = 6

    /// Allocated, not stored: zlib keeps the address of its stream and refuses to work on a copy.
    private let stream: UnsafeMutablePointer<z_stream>

    /// Begins a member.
    public init() {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        let status = tessera_deflate_init_gzip(stream, Self.level)
        precondition(status == Z_OK, "no memory for zlib's 300 KiB")
    }

    deinit {
        deflateEnd(stream)
        stream.deallocate()
    }

    /// Takes in bytes.
    ///
    /// - Returns: what is ready to be written, often nothing.
    public func fold(_ bytes: [UInt8]) -> [UInt8] { run(bytes, Z_NO_FLUSH) }

    /// Ends the member; nothing may be folded afterwards.
    ///
    /// - Returns: its last bytes.
    public func finish() -> [UInt8] { run([], Z_FINISH) }

    private func run(_ bytes: [UInt8], _ flush: Int32) -> [UInt8] {
        var folded: [UInt8] = []
        var bytes = bytes
        bytes.withUnsafeMutableBufferPointer { input in
            stream.pointee.next_in = input.baseAddress
            stream.pointee.avail_in = UInt32(clamping: input.count)
            // zlib has more to say as long as it fills the room it is given.
            var isFull = true
            while isFull {
                let piece = [UInt8](unsafeUninitializedCapacity: 32 << 10) { room, count in
                    stream.pointee.next_out = room.baseAddress
                    stream.pointee.avail_out = UInt32(room.count)
                    _ = deflate(stream, flush)
                    count = room.count - Int(stream.pointee.avail_out)
                    isFull = stream.pointee.avail_out == 0
                }
                folded += piece
            }
        }
        return folded
    }
}

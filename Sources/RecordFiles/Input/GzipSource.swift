internal import CZlib

/// Unfolds gzip (RFC 1952) as it comes in, one member after the other.
final class GzipSource: ByteSource {
    /// No real table or list of patients shrinks further; deflate's own limit is 1,032.
    static let expansionMax = 250
    /// Below this size the factor is not looked at: a small file of one value repeated is no attack.
    static let expansionFloor = 16 << 20

    private let inner: any ByteSource
    /// Allocated, not stored: zlib keeps the address of its stream and refuses to work on a copy.
    private let stream: UnsafeMutablePointer<z_stream>
    /// Compressed bytes; zlib holds a pointer into them between calls, so they stay where they are.
    private let input: UnsafeMutableRawBufferPointer
    private var inputEnded = false
    /// Whether a member has begun and not ended.
    private var isInMember = true
    private var bytesIn = 0
    private var bytesOut = 0
    /// A fault that was met behind bytes that are still good; told on the next call.
    private var pending: RecordFileError?

    init(_ inner: any ByteSource, pieceLength: Int = 64 << 10) throws(RecordFileError) {
        self.inner = inner
        input = UnsafeMutableRawBufferPointer.allocate(byteCount: pieceLength, alignment: 16)
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        guard tessera_inflate_init_gzip(stream) == Z_OK else {
            input.deallocate()
            stream.deallocate()
            throw .compressedDataDamaged(reason: "zlib cannot start")
        }
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
        input.deallocate()
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(RecordFileError) -> Int {
        if let pending { throw pending }
        stream.pointee.next_out = buffer.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_out = UInt32(clamping: buffer.count)
        let room = Int(stream.pointee.avail_out)
        while Int(stream.pointee.avail_out) == room, pending == nil {
            try refill()
            if !isInMember {
                guard try beginMember() else { return 0 }
            }
            inflateSome()
        }
        let count = room - Int(stream.pointee.avail_out)
        if count == 0, let pending { throw pending }
        bytesOut += count
        guard bytesOut < Self.expansionFloor || bytesOut / Self.expansionMax < bytesIn else {
            throw .expandsTooMuch(factor: Self.expansionMax)
        }
        return count
    }

    private func inflateSome() {
        let status = inflate(stream, Z_NO_FLUSH)
        switch status {
        case Z_OK: break
        case Z_STREAM_END: isInMember = false
        case Z_BUF_ERROR where inputEnded: pending = .compressedDataEndsEarly
        case Z_BUF_ERROR: break
        default:
            let reason = stream.pointee.msg.map { String(cString: $0) } ?? "code \(status)"
            pending = .compressedDataDamaged(reason: reason)
        }
    }

    /// Reads more when zlib has used up what it had.
    private func refill() throws(RecordFileError) {
        guard stream.pointee.avail_in == 0, !inputEnded else { return }
        let count = try inner.read(into: input)
        stream.pointee.next_in = input.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_in = UInt32(count)
        bytesIn += count
        inputEnded = count == 0
    }

    /// Goes on to the next member; zero bytes between and after members are padding, as gzip itself has it.
    ///
    /// - Returns: whether there is another member.
    private func beginMember() throws(RecordFileError) -> Bool {
        while true {
            while stream.pointee.avail_in > 0, let next = stream.pointee.next_in, next.pointee == 0 {
                stream.pointee.next_in = next + 1
                stream.pointee.avail_in -= 1
            }
            if stream.pointee.avail_in > 0 { break }
            if inputEnded { return false }
            try refill()
        }
        inflateReset(stream)
        isInMember = true
        return true
    }
}

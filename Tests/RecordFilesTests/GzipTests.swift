import CZlib
import Testing

@testable import RecordFiles

/// Compressed files: several members, padding, damage, bombs.
@Suite struct GzipTests {
    /// Compresses with the same library that is asked to unfold.
    static func gzip(_ bytes: [UInt8]) -> [UInt8] {
        var stream = z_stream()
        let version = ZLIB_VERSION
        let size = Int32(MemoryLayout<z_stream>.size)
        guard deflateInit2_(&stream, 9, Z_DEFLATED, 16 + 15, 8, Z_DEFAULT_STRATEGY, version, size) == Z_OK else {
            return []
        }
        defer { deflateEnd(&stream) }
        var output = [UInt8](repeating: 0, count: Int(deflateBound(&stream, UInt(bytes.count))))
        var input = bytes
        let written = input.withUnsafeMutableBufferPointer { source in
            output.withUnsafeMutableBufferPointer { target in
                stream.next_in = source.baseAddress
                stream.avail_in = UInt32(source.count)
                stream.next_out = target.baseAddress
                stream.avail_out = UInt32(target.count)
                _ = deflate(&stream, Z_FINISH)
                return Int(stream.total_out)
            }
        }
        return Array(output.prefix(written))
    }

    private func unfold(_ bytes: [UInt8], pieceLength: Int = .max) -> (bytes: [UInt8], error: RecordFileError?) {
        var result: [UInt8] = []
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 50_000, alignment: 1)
        defer { buffer.deallocate() }
        do throws(RecordFileError) {
            let source = try InputFile(bytes: bytes, pieceLength: pieceLength).source
            while true {
                let count = try source.read(into: buffer)
                if count == 0 { return (result, nil) }
                result.append(contentsOf: UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            }
        } catch {
            return (result, error)
        }
    }

    static let text = Array((0..<500).map { "record \($0) of a file\n" }.joined().utf8)

    @Test func `a file is unfolded, plain bytes pass through`() {
        for pieceLength in [1, 17, .max] {
            let unfolded = unfold(Self.gzip(Self.text), pieceLength: pieceLength)
            #expect(unfolded.bytes == Self.text)
            #expect(unfolded.error == nil)
            #expect(unfold(Self.text, pieceLength: pieceLength).bytes == Self.text)
        }
        for short in [[], [0x1F], [0x61]] as [[UInt8]] { #expect(unfold(short).bytes == short) }
    }

    @Test func `members follow one another, with padding between and behind`() {
        let members = Self.gzip(Self.text) + Self.gzip([]) + [0, 0, 0] + Self.gzip(Array("end".utf8)) + [0, 0]
        for pieceLength in [1, 3, .max] {
            let unfolded = unfold(members, pieceLength: pieceLength)
            #expect(unfolded.bytes == Self.text + Array("end".utf8))
            #expect(unfolded.error == nil)
        }
    }

    @Test func `a file that breaks off gives what came before, then the error`() {
        let whole = Self.gzip(Self.text)
        for length in [3, 12, 100, whole.count - 9, whole.count - 1] {
            let unfolded = unfold(Array(whole.prefix(length)))
            #expect(unfolded.error == .compressedDataEndsEarly)
            #expect(Self.text.starts(with: unfolded.bytes))
        }
        #expect(unfold(Array(whole.prefix(whole.count - 9))).bytes == Self.text)
    }

    @Test func `damage is told behind what is still good`() {
        var damaged = Self.gzip(Self.text)
        damaged[damaged.count - 5] ^= 0xFF
        let unfolded = unfold(damaged)
        #expect(unfolded.bytes == Self.text)
        guard case .compressedDataDamaged = unfolded.error else {
            Issue.record("no damage was told")
            return
        }
    }

    @Test func `garbage behind a member is told`() {
        let unfolded = unfold(Self.gzip(Self.text) + Array("garbage".utf8))
        #expect(unfolded.bytes == Self.text)
        #expect(unfolded.error != nil)
    }

    @Test func `a bomb is stopped`() {
        let bomb = Self.gzip([UInt8](repeating: 0x61, count: 40 << 20))
        let unfolded = unfold(bomb)
        #expect(unfolded.error == .expandsTooMuch(factor: GzipSource.expansionMax))
        #expect(unfolded.bytes.count < 20 << 20)
    }

    @Test func `records before the end of a broken file are read`() {
        let rows = (0..<2_000).map { "r\($0),Nakato \($0 &* 7_919),1990-01-02" }.joined(separator: "\n")
        let whole = Self.gzip(Array("record_id,given_name,birth_date\n\(rows)\n".utf8))
        let (items, error) = items(Array(whole.prefix(whole.count / 2)))
        #expect(error == .compressedDataEndsEarly)
        #expect(items.count > 500)
        #expect(items.allSatisfy { if case .record = $0 { true } else { false } })
    }
}

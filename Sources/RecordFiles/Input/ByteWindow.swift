#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// A window over a source: bytes that were read and not yet used, and more on demand.
struct ByteWindow {
    /// Bytes asked of the source at once.
    static let pieceLength = 64 << 10

    private let source: any ByteSource
    /// Valid from `start` to `end`.
    private(set) var storage: [UInt8] = []
    private(set) var start = 0
    private(set) var end = 0
    private(set) var sourceEnded = false

    init(_ source: any ByteSource) { self.source = source }

    /// Number of bytes at hand.
    var count: Int { end - start }

    /// The bytes at hand.
    var bytes: ArraySlice<UInt8> { storage[start..<end] }

    /// Offset of a byte among those at hand, looked for from an offset on; `nil` when it is not among them.
    func offset(of byte: UInt8, from first: Int = 0) -> Int? {
        precondition(first >= 0 && first <= count, "looked for beyond what is at hand")
        return storage.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress, let found = memchr(base + start + first, Int32(byte), count - first)
            else { return nil }
            return UnsafeRawPointer(found) - base - start
        }
    }

    /// Passes over the rest of the line, its end included, however long it is.
    mutating func consumeLine() throws(RecordFileError) {
        while true {
            let ends = [offset(of: 0x0A), offset(of: 0x0D)].compactMap { $0 }
            if let offset = ends.min() {
                let isReturn = storage[start + offset] == 0x0D
                if isReturn, offset + 1 == count, try fill() { continue }
                let isPair = isReturn && offset + 1 < count && storage[start + offset + 1] == 0x0A
                consume(offset + (isPair ? 2 : 1))
                return
            }
            consume(count)
            guard try fill() else { return }
        }
    }

    /// Passes over bytes that were used.
    mutating func consume(_ length: Int) {
        precondition(length >= 0 && length <= count, "more bytes used than there are")
        start += length
    }

    /// Makes room for a piece behind what is at hand; moves it to the front only when the end is reached.
    private mutating func makeRoom() {
        guard storage.count < end + Self.pieceLength else { return }
        let count = count
        storage.withUnsafeMutableBytes { bytes in
            guard let base = bytes.baseAddress, start > 0 else { return }
            memmove(base, base + start, count)
        }
        start = 0
        end = count
        let needed = count + 2 * Self.pieceLength
        guard storage.count < needed else { return }
        storage.append(contentsOf: [UInt8](repeating: 0, count: needed - storage.count))
    }

    /// Reads another piece behind what is at hand.
    ///
    /// - Returns: whether there was one.
    mutating func fill() throws(RecordFileError) -> Bool {
        guard !sourceEnded else { return false }
        makeRoom()
        var failure: RecordFileError?
        let offset = end
        let source = source
        let length = storage.withUnsafeMutableBytes { bytes in
            do throws(RecordFileError) {
                return try source.read(into: UnsafeMutableRawBufferPointer(rebasing: bytes[offset...]))
            } catch {
                failure = error
                return 0
            }
        }
        if let failure {
            // What is at hand stays usable; the failure is told again to whoever asks for more.
            throw failure
        }
        end += length
        sourceEnded = length == 0
        return !sourceEnded
    }
}

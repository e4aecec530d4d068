internal import Foundation
internal import RecordFiles

/// Histograms in HdrHistogram's own form: version 2, compressed, as text.
///
/// Any tool of that family reads it. A head names the layout; counts follow as zigzag LEB128 numbers of at most nine
/// bytes, from bucket 0 to the last one used, runs of empty buckets as negative lengths; zlib and base64 go around.
public enum HistogramCoding {
    /// The two kinds of head, with the bit that says "zigzag LEB128 counts".
    private static let compressed: UInt32 = 0x1C84_9314
    private static let plain: UInt32 = 0x1C84_9313
    private static let headBytes = 40
    private static let significantDigits: UInt32 = 3
    /// Longest plain form: each bucket takes at most nine bytes.
    private static let bytesMax = headBytes + 9 * LatencyBuckets.count

    /// A histogram as text.
    public static func text(_ buckets: [(bucket: Int, count: UInt64)]) -> String {
        var counts: [UInt8] = []
        var next = 0
        for (bucket, count) in buckets where count > 0 {
            if bucket > next { appendSigned(-Int64(bucket - next), to: &counts) }
            appendSigned(Int64(clamping: count), to: &counts)
            next = bucket + 1
        }
        var bytes: [UInt8] = []
        append(plain, to: &bytes)
        append(UInt32(counts.count), to: &bytes)
        append(UInt32(0), to: &bytes)
        append(significantDigits, to: &bytes)
        append(UInt64(1), to: &bytes)
        append(LatencyBuckets.largest, to: &bytes)
        append((1.0).bitPattern, to: &bytes)
        bytes += counts
        let folded = ZlibPiece.fold(bytes)
        var whole: [UInt8] = []
        append(compressed, to: &whole)
        append(UInt32(folded.count), to: &whole)
        return Data(whole + folded).base64EncodedString()
    }

    /// Reads such a text, of this layout or of another with three digits and unit 1.
    ///
    /// - Throws: a word about what is wrong.
    public static func read(_ text: some StringProtocol) throws(HistogramFault) -> [(bucket: Int, count: UInt64)] {
        guard let data = Data(base64Encoded: String(text)), data.count > 8 else { throw .damaged("no base64") }
        let outer = Array(data)
        guard number(outer, 0, 4) == UInt64(compressed) else { throw .foreign }
        guard number(outer, 4, 4) == UInt64(outer.count - 8) else { throw .damaged("its length is wrong") }
        let bytes: [UInt8]
        do {
            bytes = try ZlibPiece.unfold(Array(outer[8...]), limit: bytesMax)
        } catch {
            throw .damaged("\(error)")
        }
        guard bytes.count >= headBytes else { throw .damaged("it ends too early") }
        guard number(bytes, 0, 4) == UInt64(plain), number(bytes, 12, 4) == UInt64(significantDigits),
            number(bytes, 8, 4) == 0, number(bytes, 16, 8) == 1
        else { throw .foreign }
        guard number(bytes, 4, 4) == UInt64(bytes.count - headBytes) else { throw .damaged("its length is wrong") }
        return try counts(bytes)
    }

    private static func counts(_ bytes: [UInt8]) throws(HistogramFault) -> [(bucket: Int, count: UInt64)] {
        var result: [(bucket: Int, count: UInt64)] = []
        var place = headBytes
        var bucket = 0
        while place < bytes.count {
            let value = try signed(bytes, &place)
            if value < 0 {
                guard value >= -Int64(LatencyBuckets.count) else { throw .damaged("a run is too long") }
                bucket += Int(-value)
            } else {
                guard bucket < LatencyBuckets.count else { throw .damaged("it has too many buckets") }
                if value > 0 { result.append((bucket, UInt64(value))) }
                bucket += 1
            }
        }
        return result
    }

    /// Big-endian numbers.
    private static func append(_ value: some FixedWidthInteger, to bytes: inout [UInt8]) {
        for shift in stride(from: value.bitWidth - 8, through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: value >> shift))
        }
    }

    private static func number(_ bytes: [UInt8], _ offset: Int, _ length: Int) -> UInt64 {
        bytes[offset..<offset + length].reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// Seven bits a byte, the lowest first; a ninth byte holds eight.
    private static func appendSigned(_ value: Int64, to bytes: inout [UInt8]) {
        var rest = UInt64(bitPattern: (value << 1) ^ (value >> 63))
        for _ in 0..<8 {
            guard rest >= 0x80 else { break }
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    private static func signed(_ bytes: [UInt8], _ place: inout Int) throws(HistogramFault) -> Int64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            guard place < bytes.count else { throw .damaged("it ends too early") }
            let byte = UInt64(bytes[place])
            place += 1
            if shift == 56 {
                value |= byte << 56
                break
            }
            value |= (byte & 0x7F) << shift
            if byte < 0x80 { break }
            shift += 7
        }
        return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
    }
}

/// Where a byte of a JSON text lies, as a person looks for it.
///
/// The hot path keeps byte offsets only; a location is worked out by reading the text a second time, when an error is
/// made. The reading is lenient: it must cope with the very text that was refused.
public struct JSONLocation: Sendable, Hashable {
    /// Names longer than this are cut in paths, so that an error stays readable whatever was sent.
    static let keyBytesMax = 64

    /// Line, from 1.
    public let line: Int
    /// Column, from 1, counted in characters (Unicode scalars), not in bytes.
    public let column: Int
    /// Names and indices from the root, such as `name[0].given[1]`; empty for the root.
    public let path: String

    /// Works out where the byte at `offset` lies.
    init(of offset: Int, in bytes: RawSpan) {
        var line = 1
        var column = 1
        var path = PathTracker()
        var position = 0
        let end = min(offset, bytes.byteCount)
        while position < end {
            let byte = bytes.unsafeLoad(fromUncheckedByteOffset: position, as: UInt8.self)
            if byte == UInt8(ascii: "\n") {
                line += 1
                column = 1
            } else if byte & 0xC0 != 0x80 {
                column += 1
            }
            path.take(byte, at: position)
            position += 1
        }
        self.line = line
        self.column = column
        self.path = path.text(in: bytes)
    }
}

/// Follows containers, names and indices through a text that need not be valid.
private struct PathTracker {
    struct Frame {
        let isObject: Bool
        var index = 0
        var key: Range<Int>?
        var awaitsKey: Bool
    }

    /// Frames beyond any depth that a scanner accepts are not worth keeping.
    static let framesMax = JSONLimits.depthMax + 1

    var frames: [Frame] = []
    var stringStart: Int?
    var isEscaped = false

    mutating func take(_ byte: UInt8, at position: Int) {
        if let start = stringStart {
            takeInString(byte, at: position, start: start)
            return
        }
        switch byte {
        case UInt8(ascii: "\""): stringStart = position + 1
        case UInt8(ascii: "{"): open(isObject: true)
        case UInt8(ascii: "["): open(isObject: false)
        case UInt8(ascii: "}"), UInt8(ascii: "]"): _ = frames.popLast()
        case UInt8(ascii: ","): advance()
        default: break
        }
    }

    private mutating func takeInString(_ byte: UInt8, at position: Int, start: Int) {
        if isEscaped {
            isEscaped = false
        } else if byte == UInt8(ascii: "\\") {
            isEscaped = true
        } else if byte == UInt8(ascii: "\"") {
            stringStart = nil
            guard var frame = frames.popLast() else { return }
            if frame.awaitsKey {
                frame.key = start..<position
                frame.awaitsKey = false
            }
            frames.append(frame)
        }
    }

    private mutating func open(isObject: Bool) {
        guard frames.count < Self.framesMax else { return }
        frames.append(Frame(isObject: isObject, awaitsKey: isObject))
    }

    private mutating func advance() {
        guard var frame = frames.popLast() else { return }
        if frame.isObject {
            frame.key = nil
            frame.awaitsKey = true
        } else {
            frame.index += 1
        }
        frames.append(frame)
    }

    func text(in bytes: RawSpan) -> String {
        var text = ""
        for frame in frames {
            if frame.isObject {
                guard let key = frame.key else { continue }
                if !text.isEmpty { text += "." }
                text += Self.name(key, in: bytes)
            } else {
                text += "[\(frame.index)]"
            }
        }
        return text
    }

    private static func name(_ range: Range<Int>, in bytes: RawSpan) -> String {
        let cut = range.count > JSONLocation.keyBytesMax
        let piece = bytes.extracting(cut ? range.lowerBound..<(range.lowerBound + JSONLocation.keyBytesMax) : range)
        let name = piece.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
        return cut ? name + "…" : name
    }
}

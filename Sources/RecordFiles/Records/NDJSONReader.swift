/// Reads lines of JSON as a stream; a line that is too long costs that line and no other.
///
/// A file whose first line is `{` and nothing else is one document, written over many lines by a pretty printer.
struct NDJSONReader {
    enum Event {
        case line(Int, ArraySlice<UInt8>)
        case fault(line: Int, reason: String)
        case end
    }

    /// Most bytes in one line: a bundle of about ten thousand patients, as the JSON limits have it.
    static let lineBytesMax = 16 << 20

    private var window: ByteWindow
    private var line = 0
    private var isFirst = true

    init(window: ByteWindow) { self.window = window }

    /// The next line that is not blank, its end left out.
    mutating func next() throws(RecordFileError) -> Event {
        while true {
            guard let length = try lineLength() else {
                line += 1
                try window.consumeLine()
                return .fault(line: line, reason: "line longer than \(Self.lineBytesMax) bytes")
            }
            guard length > 0 else { return .end }
            line += 1
            let bytes = window.bytes.prefix(length)
            window.consume(length)
            let content = Self.trimmed(line == 1 ? Self.withoutMark(bytes) : bytes)
            if content.isEmpty { continue }
            guard isFirst, content.elementsEqual([UInt8(ascii: "{")]) else {
                isFirst = false
                return .line(line, content)
            }
            return try document(after: content)
        }
    }

    /// The whole file as one document.
    private mutating func document(after first: ArraySlice<UInt8>) throws(RecordFileError) -> Event {
        isFirst = false
        var bytes = Array(first)
        repeat {
            bytes.append(contentsOf: window.bytes)
            window.consume(window.count)
            guard bytes.count <= Self.lineBytesMax else {
                while try window.fill() { window.consume(window.count) }
                let reason =
                    "one document of more than \(Self.lineBytesMax) bytes; put each resource on a line of its own"
                return .fault(line: line, reason: reason)
            }
        } while try window.fill()
        // Line ends lie between tokens only. Without them its patients can travel as lines themselves.
        for index in bytes.indices where bytes[index] == 0x0A || bytes[index] == 0x0D { bytes[index] = 0x20 }
        return .line(line, bytes[...])
    }

    /// Length of the line at hand with its end, 0 at the end of the file; `nil` when it passes the limit.
    private mutating func lineLength() throws(RecordFileError) -> Int? {
        var searched = 0
        while true {
            if let offset = window.offset(of: 0x0A, from: searched) { return offset + 1 }
            searched = window.count
            guard searched <= Self.lineBytesMax else { return nil }
            guard try window.fill() else { return searched }
        }
    }

    private static func withoutMark(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes
    }

    private static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D }
        var bytes = bytes.drop(while: isSpace)
        while let last = bytes.last, isSpace(last) { bytes.removeLast() }
        return bytes
    }
}

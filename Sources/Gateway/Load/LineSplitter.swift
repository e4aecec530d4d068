/// Cuts a stream of chunks into lines; a line longer than the bound is passed over and told as such.
struct LineSplitter: Sendable {
    /// One line, its line end left out.
    enum Line: Sendable, Equatable {
        case text(ArraySlice<UInt8>)
        /// Longer than the bound; its bytes are gone.
        case tooLong
    }

    private let limit: Int
    private var buffer: [UInt8] = []
    /// Where the next line begins.
    private var start = 0
    /// Up to where the buffer is known to hold no line end.
    private var searched = 0
    private var isSkipping = false

    init(limit: Int) { self.limit = limit }

    /// Bytes that wait.
    var waiting: Int { buffer.count - start }

    /// Adds a chunk.
    mutating func push(_ chunk: [UInt8]) {
        if start == buffer.count {
            buffer = chunk
            searched = 0
        } else {
            buffer.removeFirst(start)
            searched -= start
            buffer.append(contentsOf: chunk)
        }
        start = 0
    }

    /// The next whole line; `nil` where the chunks so far hold none.
    mutating func next() -> Line? {
        while true {
            let end = lineEnd()
            if isSkipping {
                start = end.map { $0 + 1 } ?? buffer.count
                searched = start
                guard end != nil else { return nil }
                isSkipping = false
                return .tooLong
            }
            guard let end else {
                guard waiting > limit else { return nil }
                isSkipping = true
                continue
            }
            let line = buffer[start..<end]
            start = end + 1
            searched = start
            return line.count > limit ? .tooLong : .text(Self.trimmed(line))
        }
    }

    /// What follows the last line end, when the stream is over.
    mutating func rest() -> Line? {
        defer {
            buffer = []
            start = 0
            searched = 0
            isSkipping = false
        }
        if isSkipping { return .tooLong }
        guard waiting > 0 else { return nil }
        return waiting > limit ? .tooLong : .text(Self.trimmed(buffer[start...]))
    }

    private mutating func lineEnd() -> Int? {
        let found = buffer[searched...].firstIndex(of: 0x0A)
        searched = found ?? buffer.count
        return found
    }

    /// Leaves out white space at both ends, the carriage return of other systems included.
    private static func trimmed(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let front = line.drop { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
        guard let last = front.lastIndex(where: { $0 != 0x20 && $0 != 0x09 && $0 != 0x0D }) else { return [] }
        return front[...last]
    }
}

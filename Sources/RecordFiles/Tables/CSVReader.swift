/// Reads comma-separated values (RFC 4180) as a stream; one bad row costs that row and no other.
///
///     var reader = try CSVReader(path: "patients.csv.gz")
///     var row = CSVRow()
///     reading: while true {
///         switch try reader.next(&row) {
///         case .row: use(row.texts)
///         case .fault(let line, let reason): report(line, reason)
///         case .end: break reading
///         }
///     }
///
/// Lines may end in LF, CRLF or CR; empty lines are passed over; the delimiter (comma, semicolon or tab) is the one
/// that occurs most often in the first line. A quote that is never closed, or closed in the wrong place, costs the line
/// that it stands on: reading goes on with the line after it.
public struct CSVReader {
    /// What comes next in a table.
    public enum Event: Sendable, Hashable {
        /// A row, now in the caller's `CSVRow`.
        case row
        /// A line that cannot be used, and why; the next call goes on behind it.
        case fault(line: Int, reason: String)
        /// The end.
        case end
    }

    /// Most bytes in one row, quotes included.
    ///
    /// Rows of patients stay below 1 KB.
    public static let rowBytesMax = 64 << 10

    private var window: ByteWindow
    private var delimiter: UInt8?
    /// Line on which the next row begins.
    private var line = 1
    /// Once known, every row must have as many fields.
    private var fieldCount: Int?
    private var hasBegun = false

    /// Opens a file; `.gz` is unfolded, `-` is standard input.
    ///
    /// - Throws: `RecordFileError` when it cannot be opened.
    public init(path: String, delimiter: UInt8? = nil) throws(RecordFileError) {
        self.init(try InputFile(path: path).source, delimiter: delimiter)
    }

    init(_ source: any ByteSource, delimiter: UInt8? = nil) {
        self.init(window: ByteWindow(source), delimiter: delimiter)
    }

    init(window: ByteWindow, delimiter: UInt8? = nil) {
        self.window = window
        self.delimiter = delimiter
    }

    /// From here on a row that has not as many fields is a fault.
    public mutating func requireFields(_ count: Int) { fieldCount = count }

    /// Reads the next row into `row`.
    ///
    /// - Throws: `RecordFileError` when the file breaks off or cannot be read further; all rows before were given.
    public mutating func next(_ row: inout CSVRow) throws(RecordFileError) -> Event {
        if !hasBegun { try begin() }
        while true {
            row.begin(line: line)
            let scan = CSVScan.row(
                in: window.bytes,
                delimiter: delimiter ?? UInt8(ascii: ","),
                isLast: window.sourceEnded,
                into: &row
            )
            switch scan {
            case .blank(let length):
                window.consume(length)
                line += 1
            case .row(let length, _) where length > Self.rowBytesMax:
                return try fault(Self.tooLong)
            case .row(let length, let lines):
                if let fieldCount, row.count != fieldCount {
                    let reason = "\(row.count) fields where the header has \(fieldCount)"
                    // A stray quote may have swallowed rows that are good: only the first line is given up.
                    return try fault(reason)
                }
                window.consume(length)
                line += lines
                return .row
            case .fault(let reason):
                return try fault(reason)
            case .incomplete where window.count > Self.rowBytesMax:
                return try fault(Self.tooLong)
            case .incomplete:
                guard try window.fill() || window.count > 0 else { return .end }
            }
        }
    }

    private static let tooLong = "row longer than \(rowBytesMax) bytes, or a quote that is never closed"

    /// Gives up one line.
    private mutating func fault(_ reason: String) throws(RecordFileError) -> Event {
        let faulty = line
        try window.consumeLine()
        line += 1
        return .fault(line: faulty, reason: reason)
    }

    /// Passes over a byte order mark and finds the delimiter.
    private mutating func begin() throws(RecordFileError) {
        hasBegun = true
        // The first piece may be short, as from a pipe: go on until it holds a line.
        while window.offset(of: 0x0A) == nil, window.count <= Self.rowBytesMax, try window.fill() {}
        if window.bytes.starts(with: [0xEF, 0xBB, 0xBF]) { window.consume(3) }
        guard delimiter == nil else { return }
        let header = window.bytes.prefix { $0 != 0x0A && $0 != 0x0D }
        let candidates = [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t")]
        let counts = candidates.map { candidate in header.count { $0 == candidate } }
        delimiter = counts.max() == 0 ? candidates[0] : zip(candidates, counts).max { $0.1 < $1.1 }?.0
    }
}

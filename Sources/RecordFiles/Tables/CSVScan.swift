/// What the bytes at hand say about the next row.
enum CSVScan {
    /// A line without content, and its length.
    case blank(Int)
    /// A row, its length, and the lines that it covers.
    case row(Int, lines: Int)
    /// A row that breaks the rules.
    case fault(String)
    /// The row does not end within the bytes at hand.
    case incomplete

    private static let quote = UInt8(ascii: "\"")
    private static let lineFeed: UInt8 = 0x0A
    private static let carriageReturn: UInt8 = 0x0D

    /// Reads one row from the start of the bytes.
    static func row(in bytes: ArraySlice<UInt8>, delimiter: UInt8, isLast: Bool, into row: inout CSVRow) -> CSVScan {
        if bytes.isEmpty { return .incomplete }
        let span = bytes.span
        var scan = RowScan(delimiter: delimiter, isLast: isLast)
        return scan.read(span, into: &row)
    }

    /// The position within one row.
    private struct RowScan {
        let delimiter: UInt8
        let isLast: Bool
        var position = 0
        var lines = 1

        mutating func read(_ bytes: Span<UInt8>, into row: inout CSVRow) -> CSVScan {
            if let length = lineEnd(bytes, at: 0) { return length < 0 ? .incomplete : .blank(length) }
            while true {
                if position < bytes.count, bytes[position] == CSVScan.quote {
                    switch readQuoted(bytes, into: &row) {
                    case .closed: break
                    case .open: return isLast ? .fault("a quote is never closed") : .incomplete
                    }
                } else {
                    readPlain(bytes, into: &row)
                }
                row.endField()
                guard position < bytes.count else {
                    return isLast ? .row(position, lines: lines) : .incomplete
                }
                if bytes[position] == delimiter {
                    position += 1
                } else if let length = lineEnd(bytes, at: position) {
                    return length < 0 ? .incomplete : .row(position + length, lines: lines)
                } else {
                    return .fault("text after the closing quote of field \(row.count)")
                }
            }
        }

        private enum Quoted {
            case closed
            case open
        }

        /// Reads up to the closing quote; two quotes stand for one.
        private mutating func readQuoted(_ bytes: Span<UInt8>, into row: inout CSVRow) -> Quoted {
            position += 1
            while true {
                let start = position
                while position < bytes.count, bytes[position] != CSVScan.quote {
                    if bytes[position] == CSVScan.lineFeed { lines += 1 }
                    position += 1
                }
                row.append(bytes, start..<position)
                guard position < bytes.count else { return .open }
                position += 1
                // A quote at the very end of what is at hand may be the first half of two.
                guard position < bytes.count else { return isLast ? .closed : .open }
                guard bytes[position] == CSVScan.quote else { return .closed }
                row.append(bytes, position..<(position + 1))
                position += 1
            }
        }

        /// Reads up to the next delimiter or line end; a quote in the middle is an ordinary character.
        private mutating func readPlain(_ bytes: Span<UInt8>, into row: inout CSVRow) {
            let start = position
            while position < bytes.count {
                let byte = bytes[position]
                if byte == delimiter || byte == CSVScan.lineFeed || byte == CSVScan.carriageReturn { break }
                position += 1
            }
            row.append(bytes, start..<position)
        }

        /// Length of the line end at an offset; -1 when more bytes must tell, `nil` when there is none.
        private func lineEnd(_ bytes: Span<UInt8>, at offset: Int) -> Int? {
            guard offset < bytes.count else { return nil }
            if bytes[offset] == CSVScan.lineFeed { return 1 }
            guard bytes[offset] == CSVScan.carriageReturn else { return nil }
            guard offset + 1 < bytes.count else { return isLast ? 1 : -1 }
            return bytes[offset + 1] == CSVScan.lineFeed ? 2 : 1
        }
    }
}

extension CSVRow {
    fileprivate mutating func append(_ source: Span<UInt8>, _ range: Range<Int>) {
        source.extracting(range).withUnsafeBufferPointer { bytes.append(contentsOf: $0) }
    }
}

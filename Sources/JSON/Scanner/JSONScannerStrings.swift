extension JSONScanner {
    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let highBits: UInt64 = 0x8080_8080_8080_8080
    private static let quotes: UInt64 = 0x2222_2222_2222_2222
    private static let backslashes: UInt64 = 0x5C5C_5C5C_5C5C_5C5C
    private static let spaces: UInt64 = 0x2020_2020_2020_2020

    /// Reads a string.
    ///
    /// - Throws: `JSONFault` where the next value is no string, or the string is not well formed UTF-8.
    public mutating func string() throws(JSONFault) -> JSONSlice {
        skipSpace()
        guard position < count, byte(position) == UInt8(ascii: "\"") else { throw unexpected("a string") }
        return try scanString()
    }

    /// Reads the string whose opening quote is the next byte.
    ///
    /// Eight bytes at a time up to the next byte that matters: quote, backslash, control, or not ASCII.
    /// The subtractions may flag a byte too many, but only above a true one, and the lowest flag is the one used.
    mutating func scanString() throws(JSONFault) -> JSONSlice {
        let start = position &+ 1
        var cursor = start
        var hasEscapes = false
        while true {
            while cursor &+ 8 <= count {
                let word = word(cursor)
                let quote = word ^ Self.quotes
                let escape = word ^ Self.backslashes
                let flags =
                    ((quote &- Self.ones) & ~quote) | ((escape &- Self.ones) & ~escape)
                    | ((word &- Self.spaces) & ~word) | word
                let found = flags & Self.highBits
                if found != 0 {
                    cursor &+= found.trailingZeroBitCount &>> 3
                    break
                }
                cursor &+= 8
            }
            guard cursor < count else { throw endInString() }
            let next = byte(cursor)
            if next == UInt8(ascii: "\"") {
                break
            } else if next == UInt8(ascii: "\\") {
                hasEscapes = true
                cursor = try passEscape(at: cursor)
            } else if next < 0x20 {
                throw fail(.controlCharacter, at: cursor)
            } else if next < 0x80 {
                cursor &+= 1
            } else {
                cursor = try passScalars(at: cursor)
            }
        }
        guard cursor &- start <= limits.stringBytes else {
            throw fail(.stringTooLong(limit: limits.stringBytes), at: start &- 1)
        }
        position = cursor &+ 1
        return JSONSlice(offset: start, length: cursor &- start, hasEscapes: hasEscapes)
    }

    /// Checks a run of bytes above 0x7F; returns the offset after it.
    private func passScalars(at offset: Int) throws(JSONFault) -> Int {
        var cursor = offset
        while cursor < count, byte(cursor) >= 0x80 {
            let length = UTF8Check.scalarLength(in: bytes, at: cursor)
            guard length > 0 else { throw fail(.invalidUTF8, at: cursor) }
            cursor &+= length
        }
        return cursor
    }

    /// Checks the escape whose backslash is at `offset`; returns the offset after it.
    private func passEscape(at offset: Int) throws(JSONFault) -> Int {
        guard offset &+ 1 < count else { throw endInString() }
        switch byte(offset &+ 1) {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            return offset &+ 2
        case UInt8(ascii: "u"):
            let unit = try codeUnit(at: offset)
            guard unit & 0xF800 == 0xD800 else { return offset &+ 6 }
            let low = offset &+ 6
            guard unit < 0xDC00, low &+ 1 < count, byte(low) == UInt8(ascii: "\\"), byte(low &+ 1) == UInt8(ascii: "u")
            else { throw fail(.loneSurrogate, at: offset) }
            guard try codeUnit(at: low) & 0xFC00 == 0xDC00 else { throw fail(.loneSurrogate, at: offset) }
            return offset &+ 12
        default:
            throw fail(.invalidEscape, at: offset)
        }
    }

    /// The UTF-16 code unit of the `\uXXXX` at `offset`.
    private func codeUnit(at offset: Int) throws(JSONFault) -> UInt32 {
        guard offset &+ 6 <= count else { throw fail(.invalidEscape, at: offset) }
        var unit: UInt32 = 0
        for place in 2..<6 {
            guard let digit = Self.hexDigit(byte(offset &+ place)) else { throw fail(.invalidEscape, at: offset) }
            unit = unit &<< 4 | digit
        }
        return unit
    }

    /// The value of a hexadecimal digit.
    @inline(__always)
    static func hexDigit(_ byte: UInt8) -> UInt32? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte &- UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte &- UInt8(ascii: "a") &+ 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte &- UInt8(ascii: "A") &+ 10)
        default: nil
        }
    }

    private func endInString() -> JSONFault {
        fail(.unexpected(found: "the end of the text", expected: "the closing quote of a string"), at: count)
    }
}

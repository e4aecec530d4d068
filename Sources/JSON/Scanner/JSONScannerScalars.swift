extension JSONScanner {
    static let literalTrue: StaticString = "true"
    static let literalFalse: StaticString = "false"
    static let literalNull: StaticString = "null"

    /// Reads `true` or `false`.
    ///
    /// - Throws: `JSONFault` where neither comes next.
    public mutating func boolean() throws(JSONFault) -> Bool {
        skipSpace()
        if matches(Self.literalTrue, at: position) {
            position &+= 4
            return true
        }
        guard matches(Self.literalFalse, at: position) else { throw unexpected("a boolean") }
        position &+= 5
        return false
    }

    /// Reads `null`.
    ///
    /// - Throws: `JSONFault` where something else comes next.
    public mutating func null() throws(JSONFault) {
        skipSpace()
        guard matches(Self.literalNull, at: position) else { throw unexpected("null") }
        position &+= 4
    }

    /// Reads a number; the slice covers it as written, so that no precision is lost.
    ///
    /// - Throws: `JSONFault` where the next value is no number, or breaks the grammar of numbers.
    public mutating func number() throws(JSONFault) -> JSONSlice {
        skipSpace()
        guard position < count else { throw unexpected("a number") }
        let first = byte(position)
        guard first == UInt8(ascii: "-") || Self.isDigit(first) else { throw unexpected("a number") }
        return try scanNumber()
    }

    /// Reads an integer that fits 64 bits; fractions and exponents are refused.
    ///
    /// - Throws: `JSONFault` where the next value is no such number.
    public mutating func integer() throws(JSONFault) -> Int {
        let slice = try number()
        guard let value = Int(text(slice)) else {
            throw fail(.numberOutOfRange(expected: "an integer of 64 bits"), at: slice.offset)
        }
        return value
    }

    /// Reads a number as the nearest binary floating-point value.
    ///
    /// - Throws: `JSONFault` where the next value is no number, or too large for one.
    public mutating func double() throws(JSONFault) -> Double {
        let slice = try number()
        guard let value = Double(text(slice)), value.isFinite else {
            throw fail(.numberOutOfRange(expected: "a number"), at: slice.offset)
        }
        return value
    }

    /// Reads the number that begins at the next byte: `-? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?`.
    mutating func scanNumber() throws(JSONFault) -> JSONSlice {
        let start = position
        var cursor = start
        if byte(cursor) == UInt8(ascii: "-") { cursor &+= 1 }
        if cursor < count, byte(cursor) == UInt8(ascii: "0") {
            cursor &+= 1
        } else {
            cursor = try passDigits(at: cursor, start: start)
        }
        if cursor < count, byte(cursor) == UInt8(ascii: ".") {
            cursor = try passDigits(at: cursor &+ 1, start: start)
        }
        if cursor < count, byte(cursor) | 0x20 == UInt8(ascii: "e") {
            cursor &+= 1
            if cursor < count, byte(cursor) == UInt8(ascii: "+") || byte(cursor) == UInt8(ascii: "-") { cursor &+= 1 }
            cursor = try passDigits(at: cursor, start: start)
        }
        // `01`, `1.2.3` and `1x` end here; without this they would be refused one byte later, as missing commas.
        guard cursor == count || !Self.continuesNumber(byte(cursor)) else { throw fail(.invalidNumber, at: start) }
        guard cursor &- start <= limits.stringBytes else {
            throw fail(.stringTooLong(limit: limits.stringBytes), at: start)
        }
        position = cursor
        return JSONSlice(offset: start, length: cursor &- start)
    }

    /// Passes over one digit or more.
    private func passDigits(at offset: Int, start: Int) throws(JSONFault) -> Int {
        var cursor = offset
        while cursor < count, Self.isDigit(byte(cursor)) { cursor &+= 1 }
        guard cursor > offset else { throw fail(.invalidNumber, at: start) }
        return cursor
    }

    @inline(__always)
    private static func isDigit(_ byte: UInt8) -> Bool {
        byte &- UInt8(ascii: "0") < 10
    }

    private static func continuesNumber(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "."), UInt8(ascii: "+"), UInt8(ascii: "-"),
            UInt8(ascii: "_"):
            true
        default:
            false
        }
    }

    /// Whether the bytes at an offset are the given word and no letter follows.
    func matches(_ word: StaticString, at offset: Int) -> Bool {
        let length = word.utf8CodeUnitCount
        guard offset &+ length <= count else { return false }
        for index in 0..<length where byte(offset &+ index) != word.utf8Start[index] { return false }
        return offset &+ length == count || !Self.continuesNumber(byte(offset &+ length))
    }
}

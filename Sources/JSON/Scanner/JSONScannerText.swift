extension JSONScanner {
    /// The bytes of a slice, as written.
    @_lifetime(copy self)
    public func raw(_ slice: JSONSlice) -> RawSpan {
        bytes.extracting(slice.range)
    }

    /// A copy of the bytes of a slice, as written.
    public func bytes(_ slice: JSONSlice) -> [UInt8] {
        bytes.extracting(slice.range).withUnsafeBytes { Array($0) }
    }

    /// The text of a slice, escapes resolved.
    public func text(_ slice: JSONSlice) -> String {
        guard slice.hasEscapes else {
            return bytes.extracting(slice.range).withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
        }
        return String(decoding: unescaped(slice), as: UTF8.self)
    }

    /// Whether a name or string is exactly `name`, escapes resolved.
    @inline(__always)
    public func key(_ slice: JSONSlice, is name: StaticString) -> Bool {
        if slice.hasEscapes { return text(slice) == "\(name)" }
        guard slice.length == name.utf8CodeUnitCount else { return false }
        precondition(slice.offset <= count &- slice.length, "a slice of another text")
        return equalBytes(slice.offset, name)
    }

    @inline(__always)
    private func equalBytes(_ offset: Int, _ name: StaticString) -> Bool {
        let length = name.utf8CodeUnitCount
        let start = name.utf8Start
        var index = 0
        while index < length {
            guard byte(offset &+ index) == start[index] else { return false }
            index &+= 1
        }
        return true
    }

    /// The bytes of a string with its escapes resolved; the scan has checked them.
    private func unescaped(_ slice: JSONSlice) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(slice.length)
        var cursor = slice.offset
        let end = slice.offset + slice.length
        while cursor < end {
            let next = byte(cursor)
            guard next == UInt8(ascii: "\\") else {
                result.append(next)
                cursor += 1
                continue
            }
            switch byte(cursor + 1) {
            case UInt8(ascii: "u"):
                let (scalar, length) = escapedScalar(at: cursor)
                result.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
                cursor += length
                continue
            case UInt8(ascii: "b"): result.append(0x08)
            case UInt8(ascii: "f"): result.append(0x0C)
            case UInt8(ascii: "n"): result.append(0x0A)
            case UInt8(ascii: "r"): result.append(0x0D)
            case UInt8(ascii: "t"): result.append(0x09)
            case let itself: result.append(itself)
            }
            cursor += 2
        }
        return result
    }

    /// The scalar of a checked `\uXXXX` or pair of them, and its length as written.
    private func escapedScalar(at offset: Int) -> (Unicode.Scalar, Int) {
        let high = checkedUnit(at: offset)
        let isPair = high & 0xF800 == 0xD800
        let value = isPair ? 0x10000 + ((high & 0x3FF) << 10 | (checkedUnit(at: offset + 6) & 0x3FF)) : high
        return (Unicode.Scalar(value) ?? "\u{FFFD}", isPair ? 12 : 6)
    }

    private func checkedUnit(at offset: Int) -> UInt32 {
        var unit: UInt32 = 0
        for place in 2..<6 { unit = unit << 4 | (Self.hexDigit(byte(offset + place)) ?? 0) }
        return unit
    }
}

/// Well-formedness of UTF-8 as the Unicode standard defines it (table 3-7): no overlong forms, no surrogates, nothing
/// above U+10FFFF.
public enum UTF8Check {
    /// Length of the scalar that begins at `offset`, 1 to 4, or 0 where none does; `offset` is below the byte count.
    public static func scalarLength(in bytes: RawSpan, at offset: Int) -> Int {
        let rest = bytes.byteCount - offset
        precondition(rest > 0, "offset beyond the bytes")
        func byte(_ index: Int) -> UInt8 {
            bytes.unsafeLoad(fromUncheckedByteOffset: offset &+ index, as: UInt8.self)
        }
        func continues(_ index: Int) -> Bool { byte(index) & 0xC0 == 0x80 }
        let lead = byte(0)
        switch lead {
        case 0..<0x80:
            return 1
        case 0xC2...0xDF:
            return rest >= 2 && continues(1) ? 2 : 0
        case 0xE0...0xEF:
            guard rest >= 3, continues(1), continues(2) else { return 0 }
            if lead == 0xE0 { return byte(1) >= 0xA0 ? 3 : 0 }
            if lead == 0xED { return byte(1) < 0xA0 ? 3 : 0 }
            return 3
        case 0xF0...0xF4:
            guard rest >= 4, continues(1), continues(2), continues(3) else { return 0 }
            if lead == 0xF0 { return byte(1) >= 0x90 ? 4 : 0 }
            if lead == 0xF4 { return byte(1) < 0x90 ? 4 : 0 }
            return 4
        default:
            return 0
        }
    }

    /// Offset of the first byte that is not part of a well-formed scalar, or `nil` when all are.
    public static func firstFault(in bytes: RawSpan) -> Int? {
        let highBits: UInt64 = 0x8080_8080_8080_8080
        let count = bytes.byteCount
        var offset = 0
        while offset < count {
            if offset &+ 8 <= count,
                bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt64.self) & highBits == 0
            {
                offset &+= 8
                continue
            }
            let length = scalarLength(in: bytes, at: offset)
            guard length > 0 else { return offset }
            offset &+= length
        }
        return nil
    }
}

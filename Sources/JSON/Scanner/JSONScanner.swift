/// Reads JSON (RFC 8259) from bytes in place: it checks the whole grammar and hands out positions, not copies.
///
/// The reader asks for what it expects and skips what it does not know:
///
///     var scanner = try JSONScanner(bytes.span.bytes)
///     try scanner.beginObject()
///     while let key = try scanner.nextKey() {
///         if scanner.key(key, is: "family") {
///             family = scanner.text(try scanner.string())
///         } else {
///             try scanner.skipValue()
///         }
///     }
///     try scanner.finish()
///
/// Budget: about 1 µs for a patient of 1.2 KB. Nothing is allocated until an error or a `text` is made.
/// A scanner is a value: a copy looks ahead without moving the original.
public struct JSONScanner: ~Escapable {
    @usableFromInline let bytes: RawSpan
    /// Number of bytes in the text.
    @usableFromInline let count: Int
    /// Offset of the next byte to be read.
    public internal(set) var position: Int
    /// Containers that are open.
    var depth = 0
    /// Bit `d`: the container at depth `d` has given an element, so the next one follows a comma.
    var populated: UInt64 = 0
    let limits: JSONLimits

    /// Starts reading at the first byte; a UTF-8 byte order mark is passed over.
    ///
    /// - Throws: `JSONFault` when the text is longer than the limit.
    @_lifetime(copy bytes)
    public init(_ bytes: RawSpan, limits: JSONLimits = JSONLimits()) throws(JSONFault) {
        self.bytes = bytes
        self.count = bytes.byteCount
        self.position = 0
        self.limits = limits
        guard count <= limits.bytes else { throw fail(.tooLong(limit: limits.bytes), at: 0) }
        if count >= 3, byte(0) == 0xEF, byte(1) == 0xBB, byte(2) == 0xBF { position = 3 }
    }

    /// The byte at an offset that the caller has checked to be below `count`.
    @inline(__always)
    func byte(_ offset: Int) -> UInt8 {
        bytes.unsafeLoad(fromUncheckedByteOffset: offset, as: UInt8.self)
    }

    /// Eight bytes from an offset that the caller has checked to be at most `count - 8`, the first one lowest.
    @inline(__always)
    func word(_ offset: Int) -> UInt64 {
        UInt64(littleEndian: bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt64.self))
    }

    /// Passes over white space.
    @inline(__always)
    mutating func skipSpace() {
        while position < count {
            let next = byte(position)
            guard next <= 0x20, next == 0x20 || next == 0x0A || next == 0x0D || next == 0x09 else { return }
            position &+= 1
        }
    }

    /// What kind of value comes next; does not move past it.
    ///
    /// - Throws: `JSONFault` where no value begins.
    public mutating func peekKind() throws(JSONFault) -> JSONKind {
        skipSpace()
        guard position < count else { throw unexpected("a value") }
        switch byte(position) {
        case UInt8(ascii: "\""): return .string
        case UInt8(ascii: "{"): return .object
        case UInt8(ascii: "["): return .array
        case UInt8(ascii: "t"), UInt8(ascii: "f"): return .boolean
        case UInt8(ascii: "n"): return .null
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number
        default: throw unexpected("a value")
        }
    }

    /// Enters an object.
    ///
    /// - Throws: `JSONFault` where the next value is no object, or nests too deep.
    public mutating func beginObject() throws(JSONFault) {
        try open(UInt8(ascii: "{"), "an object")
    }

    /// The next name of the object entered last, or `nil` when the object has ended.
    ///
    /// The caller then reads or skips exactly one value.
    ///
    /// - Throws: `JSONFault` where the grammar is broken.
    public mutating func nextKey() throws(JSONFault) -> JSONSlice? {
        skipSpace()
        guard position < count else { throw unexpected("a name or }") }
        if byte(position) == UInt8(ascii: "}") {
            close()
            return nil
        }
        let bit = UInt64(1) &<< UInt64(truncatingIfNeeded: depth &- 1)
        if populated & bit != 0 {
            try pass(UInt8(ascii: ","), ", or }")
            skipSpace()
        } else {
            populated |= bit
        }
        guard position < count, byte(position) == UInt8(ascii: "\"") else { throw unexpected("a name in quotes") }
        let key = try scanString()
        skipSpace()
        try pass(UInt8(ascii: ":"), ":")
        return key
    }

    /// Enters an array.
    ///
    /// - Throws: `JSONFault` where the next value is no array, or nests too deep.
    public mutating func beginArray() throws(JSONFault) {
        try open(UInt8(ascii: "["), "an array")
    }

    /// Whether the array entered last has another element; the caller then reads or skips exactly one value.
    ///
    /// - Throws: `JSONFault` where the grammar is broken.
    public mutating func nextElement() throws(JSONFault) -> Bool {
        skipSpace()
        guard position < count else { throw unexpected("a value or ]") }
        let bit = UInt64(1) &<< UInt64(truncatingIfNeeded: depth &- 1)
        if byte(position) == UInt8(ascii: "]") {
            close()
            return false
        }
        if populated & bit != 0 {
            try pass(UInt8(ascii: ","), ", or ]")
        } else {
            populated |= bit
        }
        return true
    }

    /// Checks that nothing but white space follows the value that was read.
    ///
    /// - Throws: `JSONFault` where something does.
    public mutating func finish() throws(JSONFault) {
        precondition(depth == 0, "finish() inside a container")
        skipSpace()
        guard position == count else { throw fail(.trailingData, at: position) }
    }

    /// Enters a container whose first byte is `bracket`.
    @inline(__always)
    private mutating func open(_ bracket: UInt8, _ expected: StaticString) throws(JSONFault) {
        skipSpace()
        guard position < count, byte(position) == bracket else { throw unexpected(expected) }
        guard depth < limits.depth else { throw fail(.tooDeep(limit: limits.depth), at: position) }
        position &+= 1
        populated &= ~(1 &<< UInt64(truncatingIfNeeded: depth))
        depth &+= 1
    }

    /// Leaves the container entered last; its last byte is the next one.
    @inline(__always)
    private mutating func close() {
        precondition(depth > 0, "no container is open")
        position &+= 1
        depth &-= 1
    }

    /// Passes over one byte of structure.
    @inline(__always)
    private mutating func pass(_ structure: UInt8, _ expected: StaticString) throws(JSONFault) {
        guard position < count, byte(position) == structure else { throw unexpected(expected) }
        position &+= 1
    }
}

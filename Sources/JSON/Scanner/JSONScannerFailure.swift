extension JSONScanner {
    /// A fault at a byte of the text.
    public func fail(_ problem: JSONProblem, at offset: Int) -> JSONFault {
        JSONFault(problem, at: offset)
    }

    /// The fault for whatever comes next, when `expected` should have.
    @inline(never)
    func unexpected(_ expected: StaticString) -> JSONFault {
        fail(.unexpected(found: found(at: position), expected: "\(expected)"), at: position)
    }

    /// What begins at an offset, in words that give away no value.
    private func found(at offset: Int) -> String {
        guard offset < count else { return "the end of the text" }
        switch byte(offset) {
        case UInt8(ascii: "\""): return JSONKind.string.phrase
        case UInt8(ascii: "{"): return JSONKind.object.phrase
        case UInt8(ascii: "["): return JSONKind.array.phrase
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return JSONKind.number.phrase
        case UInt8(ascii: "t") where matches(Self.literalTrue, at: offset): return "true"
        case UInt8(ascii: "f") where matches(Self.literalFalse, at: offset): return "false"
        case UInt8(ascii: "n") where matches(Self.literalNull, at: offset): return "null"
        case let other where other > 0x20 && other < 0x7F: return "\"\(Character(UnicodeScalar(other)))\""
        case let other: return "byte 0x" + String(other, radix: 16, uppercase: true)
        }
    }
}

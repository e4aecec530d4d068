/// Reads a protobuf message field by field; never reads outside its bytes and never traps on their content.
struct ProtoFields {
    /// What a field holds.
    enum Value: Equatable {
        case number(UInt64)
        case bytes(ArraySlice<UInt8>)
        /// Fixed-width numbers, which none of the messages here uses: they are skipped.
        case other
    }

    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    /// The next field; `nil` at the end.
    ///
    /// - Throws: `EtcdError.malformed`.
    mutating func next() throws(EtcdError) -> (field: UInt64, value: Value)? {
        guard !rest.isEmpty else { return nil }
        let tag = try varint()
        switch tag & 7 {
        case 0: return (tag >> 3, .number(try varint()))
        case 1: _ = try take(8)
        case 2:
            let count = try varint()
            guard count <= UInt64(EtcdLimits.message) else { throw .malformed("a field of \(count) bytes") }
            return (tag >> 3, .bytes(try take(Int(count))))
        case 5: _ = try take(4)
        default: throw .malformed("a field of wire type \(tag & 7)")
        }
        return (tag >> 3, .other)
    }

    private mutating func take(_ count: Int) throws(EtcdError) -> ArraySlice<UInt8> {
        guard rest.count >= count else { throw .malformed("a field ends before its \(count) bytes are there") }
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count)
    }

    private mutating func varint() throws(EtcdError) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: 0, to: 64, by: 7) {
            guard let byte = rest.popFirst() else { throw .malformed("a number is cut off") }
            // The tenth byte has room for one bit.
            guard shift < 63 || byte <= 1 else { break }
            value |= UInt64(byte & 0x7F) << UInt64(shift)
            if byte < 0x80 { return value }
        }
        throw .malformed("a number of more than 64 bits")
    }
}

extension ProtoFields.Value {
    /// A number; 0 for anything else, as for a field of another type than expected.
    var number: UInt64 { if case .number(let value) = self { value } else { 0 } }

    /// Bytes; none for anything else.
    var bytes: ArraySlice<UInt8> { if case .bytes(let value) = self { value } else { [] } }

    /// A text; what is not UTF-8 is replaced, since texts are only shown.
    var text: String { String(decoding: bytes, as: UTF8.self) }
}

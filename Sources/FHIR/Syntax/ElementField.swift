import JSON

/// The members that a reader of one element knows, numbered from 0 in the order of their names.
protocol ElementField: RawRepresentable, Sendable where RawValue == Int {
    /// The names, at most 64, those that occur most often first.
    static var names: [StaticString] { get }
}

/// Walks the members of one element: hands out those that are known, passes over the others, refuses doubled ones.
///
/// A member whose value is `null` counts as absent: FHIR forbids it, but systems in the field send it.
struct ElementReader<Field: ElementField> {
    private var seen: UInt64 = 0

    /// Enters the element.
    init(_ scanner: inout JSONScanner) throws(JSONFault) {
        try scanner.beginObject()
    }

    /// The next known member, whose value the caller then reads; `nil` when the element has ended.
    mutating func next(_ scanner: inout JSONScanner) throws(JSONFault) -> Field? {
        while let key = try scanner.nextKey() {
            guard let index = Self.index(of: key, in: scanner), let field = Field(rawValue: index) else {
                try scanner.skipValue()
                continue
            }
            let bit = UInt64(1) << UInt64(index)
            guard seen & bit == 0 else {
                throw scanner.fail(.duplicateKey("\(Field.names[index])"), at: key.offset - 1)
            }
            seen |= bit
            guard try scanner.peekKind() == .null else { return field }
            try scanner.null()
        }
        return nil
    }

    private static func index(of key: JSONSlice, in scanner: borrowing JSONScanner) -> Int? {
        let names = Field.names
        for index in names.indices {
            // Most names differ in length: that is seen without a call into the scanner.
            guard key.hasEscapes || key.length == names[index].utf8CodeUnitCount else { continue }
            if scanner.key(key, is: names[index]) { return index }
        }
        return nil
    }
}

extension JSONScanner {
    /// Passes over one value of any kind, checking its grammar as strictly as if it were read.
    ///
    /// - Returns: the bytes of the value, white space around it left out.
    /// - Throws: `JSONFault` where the grammar is broken or a limit is passed.
    @discardableResult
    public mutating func skipValue() throws(JSONFault) -> JSONSlice {
        skipSpace()
        let start = position
        let outerDepth = depth
        // Bit `d`: the container at depth `d` is an object. Only those opened here are looked at.
        var objects: UInt64 = 0
        repeat {
            if depth > outerDepth {
                if objects & (1 &<< UInt64(truncatingIfNeeded: depth &- 1)) != 0 {
                    guard try nextKey() != nil else { continue }
                } else {
                    guard try nextElement() else { continue }
                }
            }
            switch try peekKind() {
            case .string: _ = try scanString()
            case .number: _ = try scanNumber()
            case .boolean: _ = try boolean()
            case .null: try null()
            case .object:
                objects |= 1 &<< UInt64(truncatingIfNeeded: depth)
                try beginObject()
            case .array:
                objects &= ~(1 &<< UInt64(truncatingIfNeeded: depth))
                try beginArray()
            }
        } while depth > outerDepth
        return JSONSlice(offset: start, length: position &- start)
    }
}

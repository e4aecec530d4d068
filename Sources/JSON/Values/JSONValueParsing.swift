extension JSONValue {
    /// Objects with more names than this check for doubled names with a set instead of by comparing all pairs.
    private static let linearMembersMax = 16

    /// Reads one value that is the whole text; an object that holds a name twice is refused.
    ///
    /// - Throws: `JSONError` where the text is not JSON, passes a limit or doubles a name.
    public init(parsing bytes: RawSpan, limits: JSONLimits = JSONLimits()) throws(JSONError) {
        do throws(JSONFault) {
            var scanner = try JSONScanner(bytes, limits: limits)
            self = try Self.read(&scanner)
            try scanner.finish()
        } catch {
            throw JSONError(error, in: bytes)
        }
    }

    /// Reads one value from a UTF-8 text.
    ///
    /// - Throws: `JSONError` as `init(parsing:limits:)`.
    public init(parsing text: String, limits: JSONLimits = JSONLimits()) throws(JSONError) {
        let bytes = Array(text.utf8)
        try self.init(parsing: bytes.span.bytes, limits: limits)
    }

    /// Reads the value that a scanner stands before.
    ///
    /// - Throws: `JSONFault` as `init(parsing:limits:)`.
    public init(reading scanner: inout JSONScanner) throws(JSONFault) {
        self = try Self.read(&scanner)
    }

    /// Recursion is bounded by the scanner's depth limit.
    private static func read(_ scanner: inout JSONScanner) throws(JSONFault) -> JSONValue {
        switch try scanner.peekKind() {
        case .null:
            try scanner.null()
            return .null
        case .boolean:
            return .boolean(try scanner.boolean())
        case .number:
            let slice = try scanner.number()
            return .number(JSONNumber(checked: scanner.text(slice)))
        case .string:
            let slice = try scanner.string()
            return .string(scanner.text(slice))
        case .array:
            var elements: [JSONValue] = []
            try scanner.beginArray()
            while try scanner.nextElement() { elements.append(try read(&scanner)) }
            return .array(elements)
        case .object:
            return .object(try readObject(&scanner))
        }
    }

    private static func readObject(_ scanner: inout JSONScanner) throws(JSONFault) -> JSONObject {
        var members: [JSONObject.Member] = []
        var names: Set<String> = []
        try scanner.beginObject()
        while let slice = try scanner.nextKey() {
            let key = scanner.text(slice)
            if members.count == linearMembersMax { names = Set(members.map(\.key)) }
            let isNew =
                members.count < linearMembersMax ? !members.contains { $0.key == key } : names.insert(key).inserted
            guard isNew else { throw scanner.fail(.duplicateKey(key), at: slice.offset - 1) }
            members.append(JSONObject.Member(key: key, value: try read(&scanner)))
        }
        return JSONObject(distinct: members)
    }
}

/// What is wrong with a JSON text.
///
/// Values never appear here: they may be somebody's name.
public enum JSONProblem: Sendable, Hashable {
    /// Something other than the grammar or the reader asked for, `end of input` included.
    case unexpected(found: String, expected: String)
    /// A number that breaks the grammar, such as `01`, `1.` or `+1`.
    case invalidNumber
    /// A number that does not fit the type that the reader asked for.
    case numberOutOfRange(expected: String)
    /// A `\` followed by something that is no escape.
    case invalidEscape
    /// A `\ud800`-`\udfff` escape without its other half.
    case loneSurrogate
    /// A byte below 0x20 inside a string.
    case controlCharacter
    /// Bytes that are not UTF-8.
    case invalidUTF8
    /// A name that an object holds twice.
    case duplicateKey(String)
    /// Containers nested deeper than the limit.
    case tooDeep(limit: Int)
    /// A text longer than the limit, in bytes.
    case tooLong(limit: Int)
    /// A string longer than the limit, in bytes.
    case stringTooLong(limit: Int)
    /// Something after the end of the value.
    case trailingData
    /// A value that is JSON but not what its reader allows there; `kind` is the reader's own classification.
    case refused(kind: String, reason: String)
}

extension JSONProblem: CustomStringConvertible {
    /// One clause for people: what was found and what would be right.
    public var description: String {
        switch self {
        case .unexpected(let found, let expected): "expected \(expected), found \(found)"
        case .invalidNumber: "not a JSON number"
        case .numberOutOfRange(let expected): "expected \(expected), the number does not fit"
        case .invalidEscape: "invalid escape in a string; allowed are \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX"
        case .loneSurrogate: "\\u escape is half of a surrogate pair"
        case .controlCharacter: "control character in a string must be written as an escape"
        case .invalidUTF8: "not valid UTF-8"
        case .duplicateKey(let key): "the name \"\(key)\" appears twice in one object"
        case .tooDeep(let limit): "nested deeper than \(limit) levels"
        case .tooLong(let limit): "longer than \(limit) bytes"
        case .stringTooLong(let limit): "string longer than \(limit) bytes"
        case .refused(_, let reason): reason
        case .trailingData: "unexpected data after the end of the JSON value"
        }
    }
}

/// The six kinds of value that JSON knows.
public enum JSONKind: Sendable, Hashable, CaseIterable {
    /// `{ … }`
    case object
    /// `[ … ]`
    case array
    /// `"…"`
    case string
    /// A number.
    case number
    /// `true` or `false`.
    case boolean
    /// `null`
    case null

    /// The kind with its article, as error messages say it: `an object`, `a string`.
    public var phrase: String {
        switch self {
        case .object: "an object"
        case .array: "an array"
        case .string: "a string"
        case .number: "a number"
        case .boolean: "a boolean"
        case .null: "null"
        }
    }
}

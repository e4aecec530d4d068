/// Why an encoded rule set cannot be used.
public enum RuleSetError: Error, Equatable, Sendable {
    /// The bytes are no encoded rule set; the text says where they stop being one.
    case undecodable(String)
    /// A format that this program does not know.
    case unknownFormat(Int)
    /// A count or threshold lies outside its limits.
    case outOfRange(String)
    /// The feature row of a query is malformed.
    case malformedRow
}

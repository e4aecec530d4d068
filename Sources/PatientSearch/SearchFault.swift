/// Why a search cannot be carried out.
public struct SearchFault: Error, Hashable, Sendable {
    /// What kind of fault it is.
    public enum Kind: Hashable, Sendable {
        /// A value that cannot be read.
        case invalid
        /// A modifier or a form that is not supported.
        case unsupported
        /// It asks for too much at once.
        case tooCostly
    }

    /// What kind of fault it is.
    public var kind: Kind
    /// The parameter at fault.
    public var parameter: String
    /// What was wrong and what would be right.
    public var detail: String

    static func invalid(_ parameter: String, _ detail: String) -> SearchFault {
        SearchFault(kind: .invalid, parameter: parameter, detail: detail)
    }
}

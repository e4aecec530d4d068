/// Why a JSON text was refused, and exactly where.
///
///     line 3, column 14, at name[0].given[1]: expected a string, found a number
public struct JSONError: Error, Sendable, Hashable {
    /// What is wrong.
    public let problem: JSONProblem
    /// Offset of the offending byte from the start of the text.
    public let offset: Int
    /// The same place in lines, columns and names.
    public let location: JSONLocation

    /// A fault with its location in the text that it was found in.
    public init(_ fault: JSONFault, in bytes: RawSpan) {
        problem = fault.problem
        offset = fault.offset
        location = fault.location(in: bytes)
    }
}

extension JSONError: CustomStringConvertible {
    /// Place and problem in one line.
    public var description: String {
        let place = "line \(location.line), column \(location.column)"
        return location.path.isEmpty ? "\(place): \(problem)" : "\(place), at \(location.path): \(problem)"
    }
}

import JSON

/// Why a resource was refused: which element, what kind of fault, what would be right.
///
/// Never the value itself.
///
///     Patient.birthDate: the date does not exist in the calendar
public struct FHIRError: Error, Sendable, Hashable {
    /// The kind of fault.
    public let code: IssueCode
    /// The element as a FHIRPath such as `Patient.name[0].given[1]`; empty when the text as a whole is at fault.
    public let expression: String
    /// What is wrong and what would be right, in one clause.
    public let reason: String
    /// Line of the text, from 1; 0 when no single place is at fault.
    public internal(set) var line: Int
    /// Column, from 1, in characters; 0 when no single place is at fault.
    public internal(set) var column: Int

    /// A fault that has no place in a text.
    public init(_ code: IssueCode, expression: String, reason: String) {
        self.code = code
        self.expression = expression
        self.reason = reason
        self.line = 0
        self.column = 0
    }

    /// A fault that the scanner found or was told of.
    ///
    /// - Parameters:
    ///   - fault: the fault.
    ///   - bytes: the text in which it was found.
    ///   - root: the resource type, or empty when the text may be any resource.
    init(_ fault: JSONFault, in bytes: RawSpan, root: String) {
        let location = fault.location(in: bytes)
        code = Self.code(of: fault.problem)
        expression = [root, location.path].filter { !$0.isEmpty }.joined(separator: ".")
        reason = fault.problem.description
        line = location.line
        column = location.column
    }

    private init(_ error: FHIRError, expression: String) {
        code = error.code
        self.expression = expression
        reason = error.reason
        line = error.line
        column = error.column
    }

    /// The same fault seen from a resource that contains this one.
    ///
    /// `Patient.name` within `Bundle.entry[2].resource` becomes `Bundle.entry[2].resource.name`.
    public func within(_ container: String) -> FHIRError {
        guard let dot = expression.firstIndex(of: ".") else { return FHIRError(self, expression: container) }
        return FHIRError(self, expression: container + expression[dot...])
    }

    private static func code(of problem: JSONProblem) -> IssueCode {
        switch problem {
        case .refused(let kind, _): IssueCode(rawValue: kind) ?? .invalid
        case .tooLong, .stringTooLong, .tooDeep: .tooLong
        case .numberOutOfRange: .value
        case .unexpected, .invalidNumber, .invalidEscape, .loneSurrogate, .controlCharacter, .invalidUTF8,
            .duplicateKey, .trailingData:
            .structure
        }
    }
}

extension FHIRError: CustomStringConvertible {
    /// Element and reason in one line, with the place in the text where there is one.
    public var description: String {
        let place = line > 0 ? " (line \(line), column \(column))" : ""
        return expression.isEmpty ? reason + place : "\(expression): \(reason)\(place)"
    }
}

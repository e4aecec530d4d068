/// One thing wrong in a rule file.
public struct RuleSetFault: Error, Equatable, Sendable, CustomStringConvertible {
    /// Where: keys joined by dots, positions in brackets, such as `fields.sex.same.stranger` or `blocking[3]`.
    public var path: String
    /// What is wrong and what would be right.
    public var message: String

    /// Makes a fault.
    public init(path: String, message: String) {
        self.path = path
        self.message = message
    }

    /// `path: message`.
    public var description: String { path.isEmpty ? message : "\(path): \(message)" }
}

/// All that is wrong in a rule file, in the order of the file.
public struct RuleSetFaults: Error, Equatable, Sendable, CustomStringConvertible {
    /// At least one fault.
    public var faults: [RuleSetFault]

    /// Wraps faults.
    public init(_ faults: [RuleSetFault]) { self.faults = faults }

    /// One fault a line.
    public var description: String { faults.map(\.description).joined(separator: "\n") }
}

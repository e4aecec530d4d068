/// What is wrong in a list of authorities, all of it.
public struct AuthorityFaults: Error, Hashable, Sendable, CustomStringConvertible {
    /// At least one fault: where, and what would be right.
    public var faults: [String]

    /// Wraps faults.
    public init(_ faults: [String]) { self.faults = faults }

    /// One fault a line.
    public var description: String { faults.joined(separator: "\n") }
}

/// Why a hierarchic designator of HL7 v2 (namespace, universal id, type) names no domain.
public enum DesignatorFault: Error, Hashable, Sendable {
    /// All parts are empty.
    case missing
    /// A universal id without its type, or a type without an id.
    case incomplete
    /// No authority has this name.
    case unknown
    /// The parts name different domains.
    case inconsistent
}

/// Everything that is wrong with a policy, each fault with its place in the file.
public struct AccessFaults: Error, Sendable, Hashable, CustomStringConvertible {
    /// At least one.
    public let faults: [String]

    init(_ faults: [String]) { self.faults = faults }

    /// All of them in one line.
    public var description: String { faults.joined(separator: "; ") }
}

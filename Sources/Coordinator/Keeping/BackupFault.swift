/// Why a backup could not be made, read or restored, in words for an operator.
public struct BackupFault: Error, Sendable, Equatable, CustomStringConvertible {
    /// The words.
    public var description: String

    /// Makes a fault.
    public init(_ description: String) { self.description = description }
}

/// Why a request of a load run did not count; equal ones are counted together.
public struct LoadFailure: Error, Sendable, Equatable {
    /// What went wrong.
    public var message: String

    /// A failure.
    public init(_ message: String) { self.message = message }
}

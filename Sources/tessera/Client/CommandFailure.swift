/// Why a command could not do its work: one line with what was wrong and what would be right.
///
/// The program prints it on standard error and ends with status 1.
struct CommandFailure: Error, Sendable, Equatable, CustomStringConvertible {
    /// The line.
    let description: String

    /// A failure.
    init(_ description: String) { self.description = description }
}

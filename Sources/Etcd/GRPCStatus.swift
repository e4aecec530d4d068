/// A status code of gRPC.
public struct GRPCStatus: Sendable, Equatable, CustomStringConvertible {
    /// The number on the wire.
    public let rawValue: Int

    /// Wraps a number.
    public init(_ rawValue: Int) { self.rawValue = rawValue }

    /// Done.
    public static let ok = GRPCStatus(0)
    /// The server does not say.
    public static let unknown = GRPCStatus(2)
    /// A request that can never be done.
    public static let invalidArgument = GRPCStatus(3)
    /// Not done in time.
    public static let deadlineExceeded = GRPCStatus(4)
    /// What is asked about is not there, such as a lease that has lapsed.
    public static let notFound = GRPCStatus(5)
    /// The member cannot serve now: no quorum, no leader, shutting down.
    public static let unavailable = GRPCStatus(14)
    /// The token is missing, or no longer valid.
    public static let unauthenticated = GRPCStatus(16)

    /// `status N`.
    public var description: String { "status \(rawValue)" }
}

public import Transport

/// Somebody who wants to know when the identifiers of a person change (ITI-10).
public struct NotificationConsumer: Sendable, Hashable {
    /// Its name in logs, metrics, and what is kept about it.
    public var name: String
    /// Where it listens.
    public var endpoint: Endpoint
    /// The application that messages are addressed to (MSH-5).
    public var application: String
    /// Its facility (MSH-6).
    public var facility: String
    /// The domains that it wants to know of, by any of their names; empty: all.
    public var domains: [String]

    /// Describes a consumer.
    public init(name: String, endpoint: Endpoint, application: String, facility: String, domains: [String] = []) {
        self.name = name
        self.endpoint = endpoint
        self.application = application
        self.facility = facility
        self.domains = domains
    }
}

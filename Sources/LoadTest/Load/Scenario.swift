/// What a load run does to a registry.
public enum Scenario: String, Sendable, CaseIterable {
    /// New records, one a request.
    case ingest
    /// `$match` for records of people the registry knows, as another facility would write them.
    case match
    /// Look-ups of records by their identifier.
    case lookup
    /// Half look-ups, three in ten matches, one in five new records.
    case mixed
}

/// What one request does.
public enum RequestKind: String, Sendable, CaseIterable, Codable {
    /// A new record (`POST Patient`).
    case ingest
    /// Who a patient is (`POST Patient/$match`).
    case match
    /// A record by its identifier (`GET Patient?identifier=`).
    case lookup
    /// The other identifiers of a person (`GET Patient/$ihe-pix`, IHE PIXm).
    case pixm
    /// A source record of the native interface (`GET /api/v1/records/...`).
    case record
    /// A train of new records of the native interface (`POST /api/v1/load`).
    case bulk

    /// Whether it adds records.
    public var adds: Bool { self == .ingest || self == .bulk }

    /// Whether Tessera alone answers it.
    public var isNative: Bool { self == .record || self == .bulk }
}

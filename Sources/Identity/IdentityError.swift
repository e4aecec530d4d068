public import Bytes
public import Identifiers

/// What can be wrong with the input of an identity step or with stored identity rows.
public enum IdentityError: Error, Equatable, Sendable {
    /// Edges or decisions name records that are in none of the given components: load theirs and ask again, or leave
    /// out the edges of records that are gone.
    case missingRecords([RecordID])
    /// Two of the given components hold the same record.
    case duplicateRecord(RecordID)
    /// A component would hold more decisions than `IdentityLimits.decisions`.
    case tooManyDecisions(RecordID)
    /// A component would hold more golden identifiers than `IdentityLimits.anchors`.
    case tooManyAnchors(RecordID)
    /// A steward's order cannot be carried out, for this reason.
    case orderRefused(String)
    /// A stored row has a version this program does not know.
    case unknownVersion(UInt8)
    /// A stored row has a number where none of that value can be.
    case badValue(at: Int)
    /// A stored row is cut, has bytes left over or breaks a limit.
    case bytes(ByteError)
}

internal import Identifiers

/// What a lane learned from a piece of the answer.
struct LaneReport: Sendable, Equatable {
    /// Records that are durable and were not known to be before.
    var acknowledged = 0
    /// Those of them that the registry did not have yet.
    var created = 0
    /// Records that have to be sent again.
    var retried = 0
    /// Records that will not be stored.
    var rejections: [LoadRejection] = []
}

/// A record that was not stored, and why.
struct LoadRejection: Sendable, Equatable {
    /// The file, by its place on the command line.
    let file: Int
    /// The line in it, from 1.
    let line: Int
    /// What names the record, where that is known; its source is empty where only its id is.
    var key: RecordKey?
    /// The record as it was sent; empty where the line could not be read.
    var document: [UInt8] = []
    /// The kind of fault, a code of FHIR's `issue-type`.
    let code: String
    /// The element at fault; empty where none is.
    let field: String
    /// What was wrong and what would be right.
    let reason: String
}

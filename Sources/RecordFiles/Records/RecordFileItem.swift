public import Demographics

/// What a file of patient records gives next.
public enum RecordFileItem: Sendable, Hashable {
    /// A record, the line on which it begins, and its Patient in FHIR JSON where the file holds one.
    case record(line: Int, SourceRecord, patient: [UInt8]?)
    /// A line, or an entry of a bundle on it, that is no record: what it calls itself, where it says so, and why not.
    case reject(line: Int, recordID: String?, reason: String)
}

import Demographics
import Matching

/// What is counted of one version of a record.
struct RecordValues {
    /// Names as term frequencies look them up.
    var names: [(given: Word, family: Word)]
    /// Keys that the rules leave out and the record would have.
    var watched: [UInt64]
    /// Every key that the record has by the rules, those left out among them.
    var keys: [UInt64]

    /// Counts a record by rules.
    init(_ record: SourceRecord, _ counting: CountingRules) {
        let normalised = NormalisedRecord(record)
        names = FeatureRow.names(FeatureRow.encode(normalised)[...])
        keys = counting.needsKeys ? counting.blocking.keys(of: normalised).map(\.hash) : []
        watched = keys.filter { counting.watched.contains($0) }
    }
}

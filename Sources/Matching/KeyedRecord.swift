public import Demographics
public import Identifiers

/// A record ready to be stored and compared.
public struct KeyedRecord: Sendable {
    /// The record's address.
    public var id: RecordID
    /// Its encoded `FeatureRow`; the first byte is the layout version.
    public var row: [UInt8]
    /// What its postings carry.
    public var sketch: Sketch
    /// Its blocking keys: distinct, sorted by hash, at most `BlockingKey.limit`.
    public var keys: [BlockingKey]
    /// What may forbid a merge.
    public var facts: GuardFacts

    /// Puts the parts together.
    public init(id: RecordID, row: [UInt8], sketch: Sketch, keys: [BlockingKey], facts: GuardFacts) {
        self.id = id
        self.row = row
        self.sketch = sketch
        self.keys = keys
        self.facts = facts
    }
}

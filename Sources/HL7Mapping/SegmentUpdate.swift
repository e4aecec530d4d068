public import HL7v2

/// What an update says, laid over what is stored: empty fields leave alone, `""` removes, others replace (v2.5, 2.10).
public enum SegmentUpdate {
    /// The fields of PID after an update.
    public static func applied(_ update: HL7Segment, to stored: HL7Segment) -> HL7Segment {
        var result = update.rewritten(.usual)
        let stored = stored.rewritten(.usual)
        for field in 1...max(1, stored.written.count) where result.isEmpty(field) {
            result.set(field, written: stored.raw(field))
        }
        return result
    }
}

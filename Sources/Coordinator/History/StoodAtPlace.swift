public import Identifiers

extension Registering {
    /// The version of a record that stood at a place in the change feed; `nil` where none did, or none is kept.
    ///
    /// Clocks do not tell: writes that are decided together take their times in another order than their places.
    ///
    /// - Parameters:
    ///   - place: a write; what came by it stood there.
    ///   - record: the record as it stands now.
    /// - Returns: the version, or `nil`.
    /// - Throws: `RegistryError` where versions cannot be read.
    public func version(
        at place: Sequence,
        of record: StoredRecord
    ) async throws(RegistryError) -> StoredRecord? {
        guard record.sequence > place else { return record }
        // Versions before `low` stood no longer, those from `high` on not yet.
        var (low, high) = (UInt32(0), record.version)
        var found: StoredRecord?
        // The one before is the likeliest; from there on the rest is halved.
        var middle = high - min(high, 1)
        while middle > low {
            let old = try await self.record(id: record.id, version: middle)
            if let old, old.sequence > place {
                high = middle
            } else {
                low = middle
                found = old ?? found
            }
            middle = low + (high - low) / 2
        }
        return found
    }
}

public import Identifiers

/// Finds which version of a record stood at a place in the change feed.
///
/// Clocks do not tell: writes that are decided together take their times in another order than their places.
enum StoodAtPlace {
    /// Finds the version; `nil` where none stood there, or none is kept.
    ///
    /// - Parameters:
    ///   - place: a write; what came by it stood there.
    ///   - newest: the number of a version that came later.
    ///   - sequence: by which write a version came.
    ///   - read: reads a version; `nil` where it is not kept.
    /// - Returns: the version, or `nil`.
    /// - Throws: what `read` throws.
    static func version<Version: Sendable>(
        at place: Sequence,
        before newest: UInt32,
        sequence: (Version) -> Sequence,
        read: (UInt32) async throws(RegistryError) -> Version?
    ) async throws(RegistryError) -> Version? {
        // Versions before `low` stood no longer, those from `high` on not yet.
        var (low, high) = (UInt32(0), newest)
        var found: Version?
        // The one before is the likeliest; from there on the rest is halved.
        var middle = high - min(high, 1)
        while middle > low {
            let old = try await read(middle)
            if let old, sequence(old) > place {
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

extension Registering {
    /// The version of a record that stood at a place in the change feed; `nil` where none did, or none is kept.
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
        return try await StoodAtPlace.version(at: place, before: record.version, sequence: \.sequence) {
            (version) async throws(RegistryError) in try await self.record(id: record.id, version: version)
        }
    }
}

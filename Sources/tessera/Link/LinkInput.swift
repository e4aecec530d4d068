internal import Demographics
internal import Identifiers
internal import RecordFiles

/// Reads one file of a batch linkage, some ten thousand records at a time.
struct LinkInput {
    /// Records handed on at once: enough for all cores, few enough to be no burden on memory.
    private static let batchRecords = 32_768

    let file: Int
    let path: String
    let options: RecordFileOptions
    let tally: LoadTally

    /// Reads to the end.
    ///
    /// - Throws: a failure that names the file.
    func read(
        tell: (String) -> Void,
        take: ([SourceRecord]) async throws -> Void
    ) async throws {
        let bytesBefore = tally.counts.bytesRead
        var reader = try opened()
        for note in reader.columnNotes { tell(note) }
        var batch: [SourceRecord] = []
        while let item = try next(&reader) {
            switch item {
            case .record(_, let record, _):
                batch.append(record)
                guard batch.count >= Self.batchRecords else { continue }
                tally.read(records: batch.count, bytes: bytesBefore + reader.bytesRead)
                try await take(batch)
                batch.removeAll(keepingCapacity: true)
            case .reject(let line, let recordID, let reason):
                let key = RecordKey(source: "", value: recordID ?? "")
                tally.addUnreadable(
                    LoadRejection(file: file, line: line, key: key, code: "structure", field: "", reason: reason)
                )
            }
        }
        tally.read(records: batch.count, bytes: bytesBefore + reader.bytesRead)
        try await take(batch)
    }

    private func opened() throws(CommandFailure) -> RecordFileReader {
        do {
            return try RecordFileReader(path: path, options: options)
        } catch {
            throw LoadReader.failure(error, path)
        }
    }

    private func next(_ reader: inout RecordFileReader) throws(CommandFailure) -> RecordFileItem? {
        do {
            return try reader.next()
        } catch {
            throw LoadReader.failure(error, path)
        }
    }
}

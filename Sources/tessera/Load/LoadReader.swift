internal import Demographics
internal import Foundation
internal import Identifiers
internal import PatientMapping
internal import RecordFiles

/// Reads the files of a load and deals their records out to the lanes.
///
/// All versions of one record go to the same lane, so that their order is kept.
struct LoadReader: Sendable {
    let paths: [String]
    let options: RecordFileOptions
    let queues: [BatchQueue]
    let tally: LoadTally
    /// Told about columns that mean nothing to us.
    let notice: @Sendable (String) -> Void

    /// Opens every file once, so that a mistake in the last shows before the first is loaded.
    ///
    /// - Returns: bytes of all files; `nil` where one does not say.
    static func totalBytes(of paths: [String], options: RecordFileOptions) throws(CommandFailure) -> Int? {
        var total: Int? = 0
        for path in paths {
            // What a pipe gives can be read once only.
            let size = isPipe(path) ? nil : try open(path, options).size
            total = size.flatMap { size in total.map { $0 + size } }
        }
        return total
    }

    private static func isPipe(_ path: String) -> Bool {
        guard path != "-" else { return true }
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT != S_IFREG && status.st_mode & S_IFMT != S_IFDIR
    }

    /// Reads all files to their ends.
    ///
    /// - Returns: why a file could not be read further; what came before it is on its way.
    func run() async -> CommandFailure? {
        var batches = [LoadBatch](repeating: LoadBatch(), count: queues.count)
        var failure: CommandFailure?
        do throws(CommandFailure) {
            var bytesBefore = 0
            for index in paths.indices {
                bytesBefore += try await read(index, bytesBefore: bytesBefore, &batches)
            }
        } catch {
            failure = error
        }
        for (queue, batch) in zip(queues, batches) where !batch.isEmpty { await queue.push(batch) }
        for queue in queues { queue.end() }
        return failure
    }

    private func read(
        _ index: Int,
        bytesBefore: Int,
        _ batches: inout [LoadBatch]
    ) async throws(CommandFailure) -> Int {
        let path = paths[index]
        var reader = try Self.open(path, options)
        for note in reader.columnNotes { notice("\(path): \(note)") }
        let mapping = PatientMapping(settings: options.mapping)
        let batchBytes = LaneSettings.batchBytes(lanes: queues.count)
        var records = 0
        while let item = try next(&reader, path), !Task.isCancelled {
            switch item {
            case .reject(let line, let recordID, let reason):
                reject(index, line, recordID, reason)
            case .record(let line, let record, let patient):
                records += 1
                let key = record.key.id.rawValue
                let lane = Int(key % UInt64(queues.count))
                batches[lane].add(patient ?? mapping.encoded(record), file: index, line: line, key: key)
                guard batches[lane].bytes.count >= batchBytes else { continue }
                tally.read(records: records, bytes: bytesBefore + reader.bytesRead)
                records = 0
                let batch = batches[lane]
                batches[lane] = LoadBatch()
                await queues[lane].push(batch)
            }
        }
        tally.read(records: records, bytes: bytesBefore + reader.bytesRead)
        return reader.bytesRead
    }

    private func reject(_ file: Int, _ line: Int, _ recordID: String?, _ reason: String) {
        let key = recordID.map { RecordKey(source: "", value: $0) } ?? RecordKey(source: "", value: "")
        tally.addUnreadable(
            LoadRejection(file: file, line: line, key: key, code: "structure", field: "", reason: reason)
        )
    }

    private func next(_ reader: inout RecordFileReader, _ path: String) throws(CommandFailure) -> RecordFileItem? {
        do {
            return try reader.next()
        } catch {
            throw Self.failure(error, path)
        }
    }

    private static func open(_ path: String, _ options: RecordFileOptions) throws(CommandFailure) -> RecordFileReader {
        do {
            return try RecordFileReader(path: path, options: options)
        } catch {
            throw failure(error, path)
        }
    }

    /// The line for a file that cannot be read.
    static func failure(_ error: RecordFileError, _ path: String) -> CommandFailure {
        if case .system = error { return CommandFailure("\(error)") }
        return CommandFailure("\(path): \(error)")
    }
}

internal import JSON
internal import OpenSSL

/// Writes a trail: chains entries, syncs them in groups, tells its end, begins new files.
///
/// It belongs to one thread at a time. What a failure leaves half written is cut off again, so that the next attempt
/// goes on where the last success ended.
final class AuditWriter {
    private let settings: AuditSettings
    private let key: SigningKey?
    private let openFile: (String) throws(AuditError) -> any TrailFile
    private let head: any TrailFile
    private var file: (any TrailFile)?
    /// The last entry that is on the disk.
    private(set) var number: UInt64 = 0
    private(set) var hash = AuditLine.zero
    private var sinceCheckpoint = 0
    /// Whether entries were written that are not yet synced; a killed process loses none of them.
    private(set) var isBehind = false
    /// Bytes of an entry that a crash had left unfinished and that were cut off at the start.
    private(set) var droppedBytes = 0

    /// Opens a trail and goes to its end.
    ///
    /// - Throws: `broken` where the last file is not what its head says: somebody else has to look at it.
    init(
        _ settings: AuditSettings,
        openFile: @escaping (String) throws(AuditError) -> any TrailFile = { (path) throws(AuditError) in
            try AppendFile(path)
        }
    ) throws(AuditError) {
        self.settings = settings
        self.openFile = openFile
        do throws(OpenSSLError) {
            key = try settings.keyPath.map { (path) throws(OpenSSLError) in try SigningKey(pemPath: path) }
        } catch {
            throw AuditError(.key, error.description)
        }
        try AuditFiles.makeDirectory(settings.directory)
        let files = try AuditFiles.all(in: settings.directory)
        let hasHead = AuditFiles.holdsHead(settings.directory)
        let told = AuditFiles.head(in: settings.directory)
        head = try openFile("\(settings.directory)/\(AuditHead.file)")
        try head.lock()
        if let last = files.last {
            guard let told else { throw Self.broken(settings, "its head is missing or unreadable") }
            try resume(last, told)
        } else {
            guard !hasHead || told?.number == 0 || head.size == 0 else {
                throw Self.broken(settings, "its head tells of entries that are gone")
            }
            try tellEnd(at: 0)
        }
    }

    private static func broken(_ settings: AuditSettings, _ reason: String) -> AuditError {
        AuditError(.broken, "\(settings.directory): \(reason); look at it with tessera audit verify")
    }

    /// Reads the last file to its end.
    private func resume(_ path: String, _ told: AuditHead) throws(AuditError) {
        let bytes = try AuditFiles.read(path)
        var walk = AuditWalk(bytes)
        var reached = walk.first - 1 == told.number && walk.previous == told.hash
        while let entry = walk.next() { reached = reached || (entry.number == told.number && entry.hash == told.hash) }
        if let fault = walk.fault, fault.kind != .unfinished { throw Self.broken(settings, fault.description) }
        guard reached else { throw Self.broken(settings, "it ends before its head says") }
        let file = try openFile(path)
        droppedBytes = bytes.count - walk.position
        try file.cut(at: walk.position)
        self.file = file
        (number, hash) = (walk.number, walk.hash)
    }

    /// Writes events and waits until they are on the disk, except where all of them may lag.
    func write(_ events: [AuditEvent], at time: UInt64) throws(AuditError) {
        let file = try currentFile(at: time)
        let maySettleLater = events.allSatisfy(\.mayLag)
        let before = file.size
        var (number, hash, since) = (self.number, self.hash, sinceCheckpoint)
        var bytes: [UInt8] = []
        func add(_ json: [UInt8]) {
            number += 1
            hash = AuditLine.hash(number, json, after: hash)
            bytes += AuditLine.entry(number, hash, json)
        }
        for event in events {
            add(event.encoded)
            since += 1
            guard since >= settings.checkpointEntries else { continue }
            since = 0
            add(try checkpoint(number, hash, time))
        }
        do throws(AuditError) {
            try file.append(bytes)
            // The head tells only of what is on the disk: else a trail that lost power would look cut off.
            if !maySettleLater {
                try file.sync()
                try tell(number, hash, time)
            }
        } catch {
            try? file.cut(at: before)
            throw error
        }
        (self.number, self.hash, sinceCheckpoint) = (number, hash, since)
        isBehind = maySettleLater
    }

    /// Waits until everything that was written is on the disk.
    func settle(at time: UInt64) throws(AuditError) {
        guard isBehind, let file else { return }
        try file.sync()
        try tell(number, hash, time)
        isBehind = false
    }

    private func checkpoint(_ number: UInt64, _ hash: [UInt8], _ time: UInt64) throws(AuditError) -> [UInt8] {
        var head = AuditHead(number: number, hash: hash, time: time)
        if let key { try head.sign(key) }
        var writer = JSONWriter(capacity: 512)
        writer.beginObject()
        writer.member("checkpoint", String(decoding: head.encoded, as: UTF8.self))
        writer.endObject()
        return writer.bytes
    }

    /// The file that is written to; a new one where the last is full.
    private func currentFile(at time: UInt64) throws(AuditError) -> any TrailFile {
        if let file, file.size < settings.fileBytes { return file }
        try settle(at: time)
        let path = "\(settings.directory)/\(AuditFiles.name(first: number + 1))"
        let next = try openFile(path)
        do throws(AuditError) {
            // What an attempt that failed left behind is not an entry yet.
            try next.cut(at: 0)
            try next.append(AuditLine.header(first: number + 1, after: hash))
            try next.sync()
        } catch {
            try? next.cut(at: 0)
            throw error
        }
        file = next
        return next
    }

    private func tell(_ number: UInt64, _ hash: [UInt8], _ time: UInt64) throws(AuditError) {
        var end = AuditHead(number: number, hash: hash, time: time)
        if let key { try end.sign(key) }
        try head.replace(end.encoded + [AuditLine.newline])
    }

    /// Tells the end as it is.
    func tellEnd(at time: UInt64) throws(AuditError) { try tell(number, hash, time) }
}

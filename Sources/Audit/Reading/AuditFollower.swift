internal import Foundation

/// Reads a trail forward, entry after entry, while it is written.
///
///     var follower = AuditFollower(directory: "/var/lib/tessera/audit", after: told)
///     let events = try follower.next(limit: 256, through: trail.durable)
public struct AuditFollower: Sendable {
    /// Bytes that are read at once; an entry that is longer is read with more.
    public static let chunkBytes = 1 << 20

    private let directory: String
    private let chunkBytes: Int
    private var path: String?
    private var offset: UInt64 = 0
    /// The last entry that was gone through.
    public private(set) var position: UInt64
    /// Entries that were not there any more when they were to be read.
    public private(set) var missing: UInt64 = 0

    /// A follower that begins behind an entry.
    public init(directory: String, after position: UInt64, chunkBytes: Int = AuditFollower.chunkBytes) {
        precondition(chunkBytes > 0, "something is read")
        self.directory = directory
        self.position = position
        self.chunkBytes = chunkBytes
    }

    /// The next events, the oldest first; checkpoints are passed over.
    ///
    /// - Parameters:
    ///   - limit: events at most.
    ///   - last: no entry behind this one is read: those may not be on the disk yet.
    /// - Returns: events with their numbers; none where nothing new is there.
    /// - Throws: where a file cannot be read.
    public mutating func next(limit: Int, through last: UInt64) throws(AuditError) -> [AuditReader.Found] {
        var found: [AuditReader.Found] = []
        var room = chunkBytes
        while found.count < limit, position < last {
            if path == nil, try !open() { break }
            let chunk = try read(room)
            let before = offset
            take(chunk, limit, last, &found)
            guard offset == before else {
                room = chunkBytes
                continue
            }
            if chunk.count == room {
                room += room
            } else if position < last, try !turn() {
                break
            }
        }
        return found
    }

    /// Goes through the whole lines of a chunk.
    private mutating func take(_ chunk: [UInt8], _ limit: Int, _ last: UInt64, _ found: inout [AuditReader.Found]) {
        var rest = chunk[...]
        while found.count < limit, let end = rest.firstIndex(of: AuditLine.newline) {
            let line = rest[rest.startIndex..<end]
            if let entry = AuditLine.parse(line) {
                guard entry.number <= last else { return }
                if entry.number > position {
                    position = entry.number
                    if let event = AuditReader.event(line) { found.append(event) }
                }
            }
            offset += UInt64(line.count + 1)
            rest = rest[(end + 1)...]
        }
    }

    /// Finds the file that has the next entry, or the first one behind it.
    private mutating func open() throws(AuditError) -> Bool {
        let files = try AuditFiles.all(in: directory)
        let next = position + 1
        if let file = files.last(where: { AuditReader.first($0).map { $0 <= next } ?? false }) {
            path = file
        } else if let file = files.first, let first = AuditReader.first(file) {
            missing += first - next
            position = first - 1
            path = file
        } else {
            return false
        }
        offset = 0
        return true
    }

    /// Goes on to the file behind the one at hand; false where there is none yet.
    private mutating func turn() throws(AuditError) -> Bool {
        let old = path
        let behind = try AuditFiles.all(in: directory).first { $0 > old ?? "" }
        guard let behind, let first = AuditReader.first(behind), first > position else { return false }
        missing += first - position - 1
        position = first - 1
        (path, offset) = (behind, 0)
        return true
    }

    private func read(_ count: Int) throws(AuditError) -> [UInt8] {
        let path = path ?? directory
        guard let file = FileHandle(forReadingAtPath: path) else {
            throw AuditError(.system, "\(path) cannot be read")
        }
        defer { try? file.close() }
        do {
            try file.seek(toOffset: offset)
            return [UInt8](try file.read(upToCount: count) ?? Data())
        } catch {
            throw AuditError(.system, "\(path) cannot be read")
        }
    }
}

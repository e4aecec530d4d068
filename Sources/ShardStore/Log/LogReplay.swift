internal import Identifiers

/// What opening a log found.
public struct LogReplay: Sendable, Equatable {
    /// Frames that were not yet in the state.
    public var frames: UInt64 = 0
    /// Bytes of those frames.
    public var bytes: UInt64 = 0
    /// Bytes after the last whole frame that a crash left behind and that were cut.
    public var tornBytes: UInt64 = 0
}

extension WriteAheadLog {
    /// Opens the log of a directory: gives every frame that the state does not have to a visitor, in order, and cuts
    /// what a crash left unfinished at the end.
    ///
    /// - Parameters:
    ///   - directory: where the segments are.
    ///   - segmentBytes: size of new segments.
    ///   - salt: a number that no one outside knows; begins the salts of new segments.
    ///   - applied: the number of the last frame that the state has.
    ///   - vault: the keys that new frames are sealed under, and sealed ones are opened with.
    ///   - visit: given each later frame.
    /// - Returns: the log, open for appending, and what it held.
    /// - Throws: `StoreError`: `.corruptLog` where a frame that was durable is damaged, `.missingLog`, `.unknownFormat`,
    ///   `.keys`.
    static func open(
        _ directory: any LogDirectory,
        segmentBytes: Int,
        salt: UInt64,
        applied: UInt64,
        vault: Vault? = nil,
        visit: (LogFrame) throws(StoreError) -> Void
    ) throws(StoreError) -> (log: WriteAheadLog, replay: LogReplay) {
        let files = sort(try directory.list())
        for name in files.rest { try directory.remove(name) }
        var reader = SegmentReader(directory: directory, applied: applied, opener: vault.map { Opener($0) })
        var sealed: [Sealed] = []
        for (index, file) in files.segments.enumerated() {
            let after = index + 1 < files.segments.count ? files.segments[index + 1].first : nil
            if let segment = try reader.read(file.name, first: file.first, nextFirst: after, visit) {
                sealed.append(segment)
            }
        }
        let log = WriteAheadLog(
            directory: directory,
            segmentBytes: segmentBytes,
            salt: salt,
            vault: vault,
            sealed: sealed,
            spares: try WriteAheadLog.usable(files.spares, vault, in: directory),
            durable: max(reader.last, applied),
            tail: reader.tail
        )
        return (log, reader.replay)
    }

    /// Spares to go on with: with keys none, since they may hold what was written in clear.
    private static func usable(
        _ spares: [String],
        _ vault: Vault?,
        in directory: any LogDirectory
    ) throws(StoreError) -> [String] {
        guard vault != nil else { return spares }
        for name in spares { try directory.remove(name) }
        return []
    }
}

/// Reads segments in order and holds what they must fulfil together.
private struct SegmentReader {
    let directory: any LogDirectory
    let applied: UInt64
    let opener: Opener?
    var last: UInt64 = 0
    /// The numbers of the keys that the frames of the segment at hand are sealed under; `nil` for frames in clear.
    var keys: Set<UInt32?> = []
    var replay = LogReplay()
    var tail = LogTail()

    init(directory: any LogDirectory, applied: UInt64, opener: Opener?) {
        self.directory = directory
        self.applied = applied
        self.opener = opener
    }

    /// Reads one segment, cuts its tail if it is the last, and says what is left of it.
    mutating func read(
        _ name: String,
        first: UInt64,
        nextFirst: UInt64?,
        _ visit: (LogFrame) throws(StoreError) -> Void
    ) throws(StoreError) -> WriteAheadLog.Sealed? {
        let file = try directory.open(name)
        let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: max(file.size, 1), alignment: 8)
        defer { bytes.deallocate() }
        let count = try file.read(into: bytes, at: 0)
        let content = UnsafeRawBufferPointer(rebasing: bytes[..<count])
        guard let segment = try LogSegment(content, name: name), segment.first == first else {
            // Only a segment that was being made when the machine went down may be without a head.
            guard nextFirst == nil else { throw .corruptLog(segment: name, offset: 0) }
            try directory.remove(name)
            return nil
        }
        guard first <= max(last, applied) + 1 else { throw .missingLog(expected: max(last, applied) + 1, found: first) }
        guard first > last else { throw .corruptLog(segment: name, offset: 0) }
        let end = try walk(bytes, content, segment, name, visit)
        if let nextFirst {
            guard nextFirst == last + 1 || nextFirst <= applied + 1 else {
                throw .corruptLog(segment: name, offset: end)
            }
        } else if end == LogSegment.headLength {
            try directory.remove(name)
            return nil
        } else {
            // Frames of a group that was never synced may lie beyond; they must not be found next time.
            // A file may end in the padding of its last frame.
            try file.truncate(to: min(end, file.size))
        }
        return WriteAheadLog.Sealed(
            name: name,
            last: last,
            bytes: end - LogSegment.headLength,
            isReusable: false,
            keys: keys
        )
    }

    /// Visits the frames of a segment; returns where they end.
    private mutating func walk(
        _ bytes: UnsafeMutableRawBufferPointer,
        _ content: UnsafeRawBufferPointer,
        _ segment: LogSegment,
        _ name: String,
        _ visit: (LogFrame) throws(StoreError) -> Void
    ) throws(StoreError) -> Int {
        var offset = LogSegment.headLength
        last = segment.first - 1
        keys = []
        // Only the last two commits are copied out of the segment.
        var commits: [LogFrame] = []
        defer { for frame in commits { tail.note(LogEntry(frame), frame: frame.number) } }
        while true {
            var frame: LogFrame
            do throws(LogFrame.Failure) {
                frame = try LogFrame(content, at: offset, salt: segment.salt)
            } catch {
                if case .unknownVersion(let found) = error {
                    throw .unknownFormat(file: name, found: UInt32(found), known: UInt32(LogFrame.version))
                }
                try insistOnTear(content, segment, name, at: offset)
                return offset
            }
            guard frame.number == last + 1 else { throw .corruptLog(segment: name, offset: offset) }
            last = frame.number
            let (start, length) = (offset, frame.length)
            offset += length
            keys.insert(frame.isSealed ? SealedBytes.number(frame.payload) : nil)
            if frame.isSealed {
                guard let opener else { throw .keys("\(name) is sealed, and no keys were given") }
                // The checksum was right, so that this is no tear.
                guard try frame.open(bytes, at: start, salt: segment.salt, opener) else {
                    throw .keys(
                        "\(name) is sealed under another key than the one of that number, or it was tampered with"
                    )
                }
            }
            if frame.kind == .commit {
                if commits.count == 2 { commits.removeFirst() }
                commits.append(frame)
            }
            guard frame.number > applied else { continue }
            replay.frames += 1
            replay.bytes += UInt64(length)
            try visit(frame)
        }
    }

    /// Looks for later frames that call the frame at an offset settled: then it is damaged, not torn.
    private mutating func insistOnTear(
        _ content: UnsafeRawBufferPointer,
        _ segment: LogSegment,
        _ name: String,
        at start: Int
    ) throws(StoreError) {
        var offset = start + LogFrame.alignment
        // What a used segment held before is no tear: its frames have lower numbers.
        var isTorn = LogFrame.isBegun(content, at: start, number: last + 1)
        while let next = LogFrame.nextCandidate(content, from: offset) {
            if let frame = try? LogFrame(content, at: next, salt: segment.salt), frame.number > last {
                guard frame.settled <= last else { throw .corruptLog(segment: name, offset: start) }
                isTorn = true
            }
            offset = next + LogFrame.alignment
        }
        if isTorn { replay.tornBytes += UInt64(content.count - start) }
    }
}

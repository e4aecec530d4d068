import Bytes

/// The log: what is appended to it is durable when `append` returns, and stays until it is cut.
///
/// Frames lie in segments of fixed size whose blocks were written before, since an `fdatasync` that changes no
/// metadata takes 0.17 ms in place of 0.3. Segments that are not needed any more are used again.
///
/// It belongs to one thread at a time.
public final class WriteAheadLog {
    /// A segment that is not written any more.
    struct Sealed {
        let name: String
        let last: UInt64
        let bytes: Int
        let isReusable: Bool
        /// The numbers of the keys that its frames are sealed under; `nil` is among them where some are in clear.
        let keys: Set<UInt32?>
    }

    /// The segment that is being written.
    struct Open {
        let segment: LogSegment
        let file: any LogFile
        var offset: Int
    }

    /// Segments kept for use again: what a flush sets free at once.
    private static let spareLimit = 4
    private static let sparePrefix = "spare-"
    private static let unfinished = "new"

    private let directory: any LogDirectory
    private let segmentBytes: Int
    private let salt: UInt64
    private let vault: Vault?
    private var sealer: Sealer?
    private var sealed: [Sealed]
    private var spares: [String]
    private var current: Open?
    private var buffer = ByteWriter(capacity: 64 << 10)
    private var failure: StoreError?
    /// The last commits that an opening found.
    let tail: LogTail
    /// The highest number that is durable.
    public private(set) var durable: UInt64

    init(
        directory: any LogDirectory,
        segmentBytes: Int,
        salt: UInt64,
        vault: Vault?,
        sealed: [Sealed],
        spares: [String],
        durable: UInt64,
        tail: LogTail
    ) {
        precondition(segmentBytes > LogSegment.headLength, "segment without room for a frame")
        self.directory = directory
        self.segmentBytes = segmentBytes
        self.salt = salt
        self.vault = vault
        self.sealed = sealed
        self.spares = spares
        self.durable = durable
        self.tail = tail
    }

    /// Bytes of frames that are not cut yet.
    public var bytes: UInt64 {
        UInt64(sealed.reduce(0) { $0 + $1.bytes } + (current.map { $0.offset - LogSegment.headLength } ?? 0))
    }

    /// Appends entries in order and syncs once.
    ///
    /// - Returns: the number of the last frame.
    /// - Throws: `StoreError`; none of the entries is in the log then, nor ever will be.
    public func append(_ entries: [LogEntry]) throws(StoreError) -> UInt64 {
        precondition(!entries.isEmpty, "nothing to append")
        if let failure { throw .stopped(failure.description) }
        if let vault, sealer?.number != vault.current { take(Sealer(vault)) }
        let more = sealer == nil ? 0 : SealedBytes.overhead
        let length = entries.reduce(0) { $0 + LogFrame.length(payload: $1.payload.count + more) }
        var open = try segment(withRoomFor: length)
        encode(entries, salt: open.segment.salt)
        do throws(StoreError) {
            try buffer.bytes.withBytes { bytes throws(StoreError) in
                try open.file.write(bytes, at: open.offset)
            }
            try open.file.sync()
        } catch {
            abandon(open)
            throw error
        }
        open.offset += length
        current = open
        durable += UInt64(entries.count)
        return durable
    }

    /// Seals under another key from now on, in a segment of its own: the old key is done with when those before are cut.
    private func take(_ newer: Sealer) {
        if let current { seal(current, isReusable: current.file.size == segmentBytes) }
        current = nil
        sealer = newer
    }

    /// The numbers of the keys that frames in it are sealed under; `nil` is among them where some are in clear.
    var keysInUse: Set<UInt32?> {
        sealed.reduce(into: current == nil ? [] : [sealer?.number]) { $0.formUnion($1.keys) }
    }

    /// Gives up segments all of whose frames are at or below a number.
    public func cut(through number: UInt64) throws(StoreError) {
        while let oldest = sealed.first, oldest.last <= number {
            if oldest.isReusable, spares.count < WriteAheadLog.spareLimit {
                let spare = WriteAheadLog.sparePrefix + oldest.name
                try directory.rename(oldest.name, to: spare)
                spares.append(spare)
            } else {
                try directory.remove(oldest.name)
            }
            sealed.removeFirst()
        }
    }

    private func encode(_ entries: [LogEntry], salt: UInt32) {
        buffer.bytes.removeAll(keepingCapacity: true)
        for (index, entry) in entries.enumerated() {
            let number = durable + 1 + UInt64(index)
            LogFrame.write(entry, number: number, settled: durable, salt: salt, sealer: sealer, into: &buffer)
        }
    }

    /// The segment being written, or a new one where the frames would not fit.
    private func segment(withRoomFor length: Int) throws(StoreError) -> Open {
        if let current, current.offset + length <= current.file.size { return current }
        let needed = LogSegment.headLength + length
        let next = LogSegment(first: durable + 1, salt: UInt32(truncatingIfNeeded: KeyHash.combine(salt, durable)))
        let blank = try blankFile(needed <= segmentBytes ? segmentBytes : needed)
        try next.head.withBytes { bytes throws(StoreError) in try blank.file.write(bytes, at: 0) }
        try blank.file.sync()
        do throws(StoreError) {
            try directory.rename(blank.name, to: next.name)
        } catch {
            withdraw(next.name)
            throw error
        }
        if let current { seal(current, isReusable: current.file.size == segmentBytes) }
        current = nil
        return Open(segment: next, file: blank.file, offset: LogSegment.headLength)
    }

    private func blankFile(_ size: Int) throws(StoreError) -> (name: String, file: any LogFile) {
        if size == segmentBytes, let spare = spares.popLast() {
            let file = try directory.open(spare)
            if file.size == size { return (spare, file) }
            try directory.remove(spare)
        }
        return (WriteAheadLog.unfinished, try directory.create(WriteAheadLog.unfinished, size: size))
    }

    /// Removes a segment that may or may not have got its name: frames go on in the one before, and two segments must not
    /// begin with the same frame.
    private func withdraw(_ name: String) {
        do throws(StoreError) {
            if try directory.list().contains(name) { try directory.remove(name) }
        } catch {
            failure = error
        }
    }

    private func seal(_ open: Open, isReusable: Bool) {
        sealed.append(
            Sealed(
                name: open.segment.name,
                last: durable,
                bytes: open.offset - LogSegment.headLength,
                isReusable: isReusable,
                keys: [sealer?.number]
            )
        )
    }

    /// Ends a segment before a group that could not be written: what of the group reached the disk is not known, and it
    /// must not be found at the next opening.
    private func abandon(_ open: Open) {
        do throws(StoreError) {
            if open.offset == LogSegment.headLength {
                try directory.remove(open.segment.name)
            } else {
                try open.file.truncate(to: open.offset)
                seal(open, isReusable: false)
            }
        } catch {
            failure = error
        }
        current = nil
    }

    /// What the files of a directory are to the log.
    static func sort(_ names: [String]) -> (segments: [(first: UInt64, name: String)], spares: [String], rest: [String])
    {
        var segments: [(first: UInt64, name: String)] = []
        var spares: [String] = []
        var rest: [String] = []
        for name in names {
            if let first = LogSegment.first(ofName: name) {
                segments.append((first, name))
            } else if name.hasPrefix(sparePrefix) {
                spares.append(name)
            } else if name == unfinished {
                rest.append(name)
            }
        }
        segments.sort { $0.first < $1.first }
        return (segments, spares, rest)
    }
}

internal import Glibc
internal import Locks

/// The state as a few sorted files, the newest over the older ones, that are never changed once written.
///
/// A flush writes one file from one end to the other; neighbours of like size are merged into one in the background
/// (a log-structured merge tree, O'Neil et al. 1996). A page of a file is written once for each fourfold growth of the
/// state, where a tree that is changed in place has most of its pages rewritten by every flush.
public final class TieredState: StateStore {
    /// The runs at one moment.
    final class Generation: Sendable {
        /// The newest first.
        let runs: [Run]
        let mark: StateMark

        init(_ runs: [Run], _ mark: StateMark) {
            self.runs = runs
            self.mark = mark
        }
    }

    /// The manifest and what it says; changed by one at a time.
    private struct Written {
        let manifest: StateManifest
        var content: StateManifest.Content
    }

    /// Runs from which on a flush waits for a merge.
    private static let untidyRuns = 24

    private let directory: String
    /// The keys that rows are sealed under; `nil` where they are written in clear.
    let vault: Vault?
    private let written: Mutex<Written>
    private let current: Mutex<Generation>
    /// Held by the one merge that is under way.
    private let mergeTurn = Mutex(())

    /// Opens the state in a directory, which is made where there is none; files that a crash left over are removed.
    ///
    /// - Parameters:
    ///   - directory: where its files are.
    ///   - vault: the keys that rows are sealed under; `nil` where they are written in clear.
    /// - Throws: `StoreError.unknownFormat`, `.state`, `.diskFull`, `.keys`.
    public init(directory: String, vault: Vault? = nil) throws(StoreError) {
        self.directory = directory
        self.vault = vault
        try StoreLock.makeDirectory(directory)
        let manifest = try StateManifest(directory: directory)
        let content = try manifest.read()
        try TieredState.removeLeftovers(in: directory, but: content.runs)
        var runs: [Run] = []
        for id in content.runs { runs.append(try Run(id: id, directory: directory, vault: vault)) }
        written = Mutex(Written(manifest: manifest, content: content))
        current = Mutex(Generation(runs, content.mark))
        try StoreLock.sync(directory)
    }

    var generation: Generation { current.withLock { $0 } }

    /// Makes a reader.
    public func makeReader() throws(StoreError) -> any StateReader { TieredReader(self) }

    /// Bytes of all files.
    public var fileBytes: UInt64 {
        generation.runs.reduce(written.withLock { $0.manifest.fileBytes }) { $0 + $1.fileBytes }
    }

    /// Whether so many merges are due that changes should wait for one.
    public var isUntidy: Bool { generation.runs.count >= TieredState.untidyRuns }

    /// Writes changes as the newest run.
    public func apply(_ changes: some ChangeSource, mark: StateMark) throws(StoreError) {
        let run = try write(changes, vault.map { Sealer($0) }) { false }
        do throws(StoreError) {
            try replace(mark: mark) { runs in run.map { [$0] + runs } ?? runs }
        } catch {
            if let run { unlink(run.path) }
            throw error
        }
    }

    /// Merges runs where that is due.
    public func tidy(_ isCancelled: () -> Bool) throws(StoreError) -> Bool {
        try mergeTurn.withLock { _ throws(StoreError) in
            let runs = generation.runs
            guard let range = TieredState.due(runs) ?? oldKey(runs) else { return false }
            // What was damaged would get new checksums, and be found no more.
            for run in runs[range] { try RunSums.check(run) }
            let sealer = vault.map { Sealer($0) }
            let source = try RunMerge(
                runs[range],
                dropsRemovals: range.upperBound == runs.count,
                wanted: sealer?.number,
                vault: vault
            )
            let merged = try write(source, sealer, isCancelled)
            if isCancelled() {
                if let merged { unlink(merged.path) }
                return false
            }
            let old = runs[range]
            do throws(StoreError) {
                try replace(mark: nil) { now in
                    // Flushes may have put newer runs in front meanwhile; merges have not, since this is the only one.
                    let start = now.firstIndex { $0 === old.first } ?? now.count
                    return Array(now[..<start]) + (merged.map { [$0] } ?? []) + now[(start + old.count)...]
                }
            } catch {
                if let merged { unlink(merged.path) }
                throw error
            }
            // Readers that still look at them keep their memory.
            for run in old {
                unlink(run.path)
                unlink(RunSums.path(run.path))
            }
            return true
        }
    }

    /// The numbers of the keys that its rows are sealed under; `nil` is among them where some are in clear.
    var keysInUse: Set<UInt32?> { Set(generation.runs.map(\.key)) }

    /// A run under another key than the newest, or in clear where there are keys: it is written anew by itself.
    private func oldKey(_ runs: [Run]) -> Range<Int>? {
        guard let vault else { return nil }
        let newest = vault.current
        return runs.firstIndex { $0.key != newest }.map { $0..<($0 + 1) }
    }

    private static func due(_ runs: [Run]) -> Range<Int>? {
        let (postings, removals) = runs.reduce((0 as UInt64, 0 as UInt64)) {
            ($0.0 + $1.summary.postings, $0.1 + $1.summary.removals)
        }
        // Of one run alone everything that was removed is gone already.
        if runs.count > 1, MergePolicy.isHollow(postings: postings, removals: removals) { return 0..<runs.count }
        return MergePolicy.choose(runs.map(\.fileBytes))
    }

    /// Writes a run under a new number; `nil` where there is nothing to write.
    private func write(
        _ changes: some ChangeSource,
        _ sealer: Sealer?,
        _ isCancelled: () -> Bool
    ) throws(StoreError) -> Run? {
        let id = written.withLock { written in
            defer { written.content.nextRun += 1 }
            return written.content.nextRun
        }
        let path = Run.path(id, in: directory)
        guard try RunWriter.write(changes, to: path, sealer: sealer, isCancelled) else { return nil }
        do throws(StoreError) {
            try RunSums.write(for: path)
            // The name must outlive a crash before the manifest speaks of it.
            try StoreLock.sync(directory)
            return try Run(id: id, directory: directory, vault: vault)
        } catch {
            unlink(path)
            throw error
        }
    }

    /// Makes other runs the state, durably.
    private func replace(mark: StateMark?, _ change: ([Run]) -> [Run]) throws(StoreError) {
        try written.withLock { written throws(StoreError) in
            let now = generation
            let runs = change(now.runs)
            var content = written.content
            content.mark = mark ?? now.mark
            content.runs = runs.map(\.id)
            try written.manifest.write(content)
            written.content = content
            current.withLock { $0 = Generation(runs, content.mark) }
        }
    }

    private static func removeLeftovers(in directory: String, but kept: [UInt64]) throws(StoreError) {
        let runs = kept.map { Run.path($0, in: directory) }
        let known = Set(runs + runs.map(RunSums.path))
        for name in try DiskLogDirectory(path: directory).list()
        where name.hasPrefix(Run.filePrefix) || name.hasPrefix(RunSums.filePrefix) {
            let path = directory + "/" + name
            if !known.contains(path) { unlink(path) }
        }
    }
}

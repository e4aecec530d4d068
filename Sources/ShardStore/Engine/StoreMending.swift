internal import Glibc

/// Makes a store that is damaged one that can be filled from a replica, with what is left of it.
///
/// What it lacks then is found by digests, so it need not be known what was in a file that is given up. Its position is
/// forgotten: whoever asks it takes it for one that was wiped, until it is in sync again.
public enum StoreMending {
    private static let keptDirectory = "given-up"

    /// Gives up the log and every run that is not what was written; what is given up is moved aside, in place of
    /// what was moved there before.
    ///
    /// - Parameters:
    ///   - directory: of a store that is closed.
    ///   - isLog: whether it was the log that was found to be damaged; else it was a run.
    /// - Returns: names of the files that were given up.
    /// - Throws: `StoreError`; may be tried again.
    public static func dropDamaged(in directory: String, isLog: Bool) throws(StoreError) -> [String] {
        let lock = try StoreLock(directory: directory)
        defer { withExtendedLifetime(lock) {} }
        let kept = directory + "/" + keptDirectory
        try StoreLock.makeDirectory(kept)
        for name in try DiskLogDirectory(path: kept).list() { unlink(kept + "/" + name) }
        let state = directory + "/state"
        try StoreLock.makeDirectory(state)
        var given: [String] = []
        do throws(StoreError) {
            given = try dropRuns(in: state, isLog: isLog)
        } catch {
            guard error.isDamage else { throw error }
            given = try DiskLogDirectory(path: state).list()
        }
        try move(given, from: state, to: kept)
        let log = directory + "/log"
        try StoreLock.makeDirectory(log)
        let segments = try DiskLogDirectory(path: log).list()
        try move(segments, from: log, to: kept)
        return given + segments
    }

    /// Leaves only runs in the manifest that are what was written.
    ///
    /// - Returns: the files of the others.
    private static func dropRuns(in state: String, isLog: Bool) throws(StoreError) -> [String] {
        let manifest = try StateManifest(directory: state)
        var content = try manifest.read()
        var sound = content.runs.filter { isSound(Run.path($0, in: state)) }
        // A run was found to be damaged; where the checksums do not say which, none can be relied on.
        if sound == content.runs, !isLog { sound = [] }
        let given = content.runs.filter { !sound.contains($0) }.map { Run.path($0, in: state) }
        content.runs = sound
        content.mark = StateMark()
        try manifest.write(content)
        return given.flatMap { [$0, RunSums.path($0)] }.map { String($0.dropFirst(state.count + 1)) }
    }

    private static func isSound(_ run: String) -> Bool {
        guard let sums = RunSums.read(for: run), let file = try? MappedFile(run, isRandom: false) else { return false }
        return file.read { sums.damage(in: $0, blocks: 0..<sums.count) } == nil
    }

    private static func move(_ names: [String], from: String, to: String) throws(StoreError) {
        for name in names where access(from + "/" + name, F_OK) == 0 {
            guard rename(from + "/" + name, to + "/" + name) == 0 else { throw .last("rename", name) }
        }
        try StoreLock.sync(from)
        try StoreLock.sync(to)
    }
}

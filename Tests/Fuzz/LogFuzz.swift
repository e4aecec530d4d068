// rooms: Bytes Identifiers Locks Demographics Matching ShardProtocol LMDB ShardStore
// libraries: lmdb

import Bytes
import ShardProtocol
import ShardStore

/// A log file in memory.
final class MemoryFile: LogFile {
    var bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var size: Int { bytes.count }

    func write(_ source: UnsafeRawBufferPointer, at offset: Int) throws(StoreError) {
        bytes.replaceSubrange(offset..<(offset + source.count), with: source)
    }

    func sync() throws(StoreError) {}

    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(StoreError) -> Int {
        let count = max(0, min(buffer.count, bytes.count - offset))
        buffer.copyBytes(from: bytes[offset..<(offset + count)])
        return count
    }

    func truncate(to size: Int) throws(StoreError) { bytes.removeLast(bytes.count - size) }
}

/// A log's directory in memory.
final class MemoryDirectory: LogDirectory {
    var files: [String: MemoryFile] = [:]

    func list() throws(StoreError) -> [String] { files.keys.sorted() }

    func create(_ name: String, size: Int) throws(StoreError) -> any LogFile {
        let file = MemoryFile([UInt8](repeating: 0, count: size))
        files[name] = file
        return file
    }

    func open(_ name: String) throws(StoreError) -> any LogFile {
        guard let file = files[name] else { throw .system(operation: "open", name: name, code: 2) }
        return file
    }

    func rename(_ name: String, to new: String) throws(StoreError) { files[new] = files.removeValue(forKey: name) }

    func remove(_ name: String) throws(StoreError) { files[name] = nil }
}

/// A state without rows.
final class EmptyState: StateStore, StateReader {
    func makeReader() throws(StoreError) -> any StateReader { self }
    func apply(_ changes: some ChangeSource, mark: StateMark) throws(StoreError) {}
    func tidy(_ isCancelled: () -> Bool) throws(StoreError) -> Bool { false }
    var isUntidy: Bool { false }
    var fileBytes: UInt64 { 0 }
    func begin() throws(StoreError) {}
    func end() {}
    func mark() throws(StoreError) -> StateMark { StateMark() }
    func get(_ table: StateTable, _ key: StoreKey) throws(StoreError) -> UnsafeRawBufferPointer? { nil }
    func walk(
        _ table: StateTable,
        from key: StoreKey,
        _ body: (StoreKey, UnsafeRawBufferPointer) -> Bool
    ) throws(StoreError) {}
    func block(_ key: UInt64, _ body: (UnsafeRawBufferPointer) -> Bool) throws(StoreError) {}
    func walkPostings(from key: UInt64, _ body: (PostingChange) -> Bool) throws(StoreError) {}
    func count(_ table: StateTable) throws(StoreError) -> UInt64 { 0 }
    func postingCount() throws(StoreError) -> UInt64 { 0 }
}

/// A segment of any content: it opens or is refused by name, and what opened once opens again with as many frames.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
    guard count > 1 else { return 0 }
    var segment = Array(UnsafeBufferPointer(start: data + 1, count: count - 1))
    // Half of the inputs get sums that fit, so that what lies behind them is reached.
    if data[0] & 1 == 0 { mend(&segment) }
    let directory = MemoryDirectory()
    directory.files["log-0000000000000001"] = MemoryFile(segment)
    let state = EmptyState()
    do throws(StoreError) {
        let (_, first) = try RecoveredStore.open(StoreConfiguration(), log: directory, state: state, salt: 1)
        _ = try? StoreCore(first, state: state)
        let (_, second) = try RecoveredStore.open(StoreConfiguration(), log: directory, state: state, salt: 2)
        precondition(first.replay.frames == second.replay.frames, "a second opening found other frames")
    } catch {
        precondition(!error.description.isEmpty)
    }
    return 0
}

/// Writes a valid head and, frame by frame, valid magic numbers and sums.
private func mend(_ segment: inout [UInt8]) {
    guard segment.count >= 32 else { return }
    put(0x474C_5354, at: 0, &segment)
    put(1, at: 4, &segment)
    for index in 8..<16 { segment[index] = index == 8 ? 1 : 0 }
    put(0, at: 16, &segment)
    put(CRC32C.checksum(Array(segment[..<20])), at: 20, &segment)
    var offset = 32
    while offset + 56 <= segment.count {
        put(0x464C_5354, at: offset, &segment)
        let length = min(Int(segment[offset + 8]), segment.count - offset - 56)
        put(UInt32(length), at: offset + 8, &segment)
        let end = offset + 56 + length
        put(CRC32C.checksum(Array(segment[(offset + 8)..<end])), at: offset + 4, &segment)
        offset = (end + 7) / 8 * 8
    }
}

private func put(_ value: UInt32, at offset: Int, _ bytes: inout [UInt8]) {
    for index in 0..<4 { bytes[offset + index] = UInt8(truncatingIfNeeded: value >> (8 * UInt32(index))) }
}

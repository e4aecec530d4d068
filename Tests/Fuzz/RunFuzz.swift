// rooms: Bytes Identifiers Locks Demographics Matching ShardProtocol LMDB ShardStore
// libraries: lmdb

import ShardProtocol

@testable import ShardStore

/// What a run's file and the manifest hold, outside of LMDB's own pages: no trap, no read past the end, no search
/// without an end; what is found lies within what was given.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
    guard count > 8 else { return 0 }
    let whole = UnsafeRawBufferPointer(start: data + 8, count: count - 8)
    // A copy of its own, so that a read past its end is seen.
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: whole.count, alignment: 8)
    defer { copy.deallocate() }
    copy.copyMemory(from: whole)
    let bytes = UnsafeRawBufferPointer(copy)
    let hash = UnsafeRawPointer(data).loadUnaligned(as: UInt64.self)
    for table in StateTable.allCases {
        if case .value(let value)? = StoredValue.row(table, bytes) { precondition(isInside(value, bytes)) }
    }
    if let chunk = StoredValue.chunk(bytes) {
        precondition(isInside(chunk, bytes))
        var sum: UInt64 = 0
        for index in 0..<PostingChunk.count(chunk) { sum ^= PostingChunk.record(chunk, index) }
        precondition(sum == sum)
    }
    if let summary = RunSummary(bytes) { precondition(summary.bytes == Array(bytes)) }
    if let content = StateManifest.decode(bytes) { precondition(content.runs.count <= bytes.count / 8) }
    guard RunIndex.isSound(bytes, keys: hash & 7) else { return 0 }
    _ = RunIndex.find(hash, in: bytes) { $0.offset == 1 }
    return 0
}

private func isInside(_ part: UnsafeRawBufferPointer, _ whole: UnsafeRawBufferPointer) -> Bool {
    guard let start = part.baseAddress, let first = whole.baseAddress else { return part.isEmpty }
    return start >= first && start + part.count <= first + whole.count
}

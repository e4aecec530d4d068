/// Bytes waiting to be framed: the arrays as they were handed over, without a copy.
struct OutputQueue {
    private var first: [UInt8] = []
    private var offset = 0
    private var rest: [[UInt8]] = []
    private var restHead = 0
    private(set) var count = 0

    mutating func append(_ bytes: [UInt8]) {
        guard !bytes.isEmpty else { return }
        count += bytes.count
        if first.isEmpty {
            first = bytes
        } else {
            rest.append(bytes)
        }
    }

    /// Moves up to the capacity of `target` into it and returns how many bytes that were.
    mutating func move(into target: UnsafeMutableRawBufferPointer) -> Int {
        var moved = 0
        while moved < target.count, !first.isEmpty {
            let step = min(first.count - offset, target.count - moved)
            unsafe first.withUnsafeBytes { source in
                let piece = unsafe UnsafeRawBufferPointer(rebasing: source[offset..<offset + step])
                unsafe UnsafeMutableRawBufferPointer(rebasing: target[moved...]).copyMemory(from: piece)
            }
            moved += step
            offset += step
            if offset == first.count { advance() }
        }
        count -= moved
        return moved
    }

    private mutating func advance() {
        offset = 0
        guard restHead < rest.count else {
            first = []
            rest.removeAll(keepingCapacity: true)
            restHead = 0
            return
        }
        first = rest[restHead]
        rest[restHead] = []
        restHead += 1
    }
}

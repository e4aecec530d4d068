import ShardStore

/// A log file on a `SimulatedDisk`.
final class SimulatedFile: LogFile {
    private let disk: SimulatedDisk
    private let generation: Int
    private let number: Int

    init(disk: SimulatedDisk, generation: Int, number: Int) {
        self.disk = disk
        self.generation = generation
        self.number = number
    }

    var size: Int { disk.size(of: number) }

    func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(StoreError) {
        try change("write") { file, random, dies in
            let length = dies ? Int(random.next(below: UInt64(bytes.count) + 1)) : bytes.count
            file.content.replaceSubrange(offset..<(offset + length), with: bytes[..<length])
            var sector = offset / SimulatedDisk.sectorBytes * SimulatedDisk.sectorBytes
            while sector < offset + length {
                file.dirty.insert(sector)
                sector += SimulatedDisk.sectorBytes
            }
        }
    }

    func sync() throws(StoreError) {
        if disk.skipSync { return }
        try change("sync") { file, random, dies in
            // A sync that the crash overtook may have been done or not.
            if dies, random.chance(500) { return }
            file.synced = file.content
            file.dirty = []
        }
    }

    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(StoreError) -> Int {
        var count = 0
        try change("read") { file, _, _ in
            count = max(0, min(buffer.count, file.content.count - offset))
            buffer.copyBytes(from: file.content[offset..<(offset + count)])
        }
        return count
    }

    func truncate(to size: Int) throws(StoreError) {
        let before = self.size
        precondition(size <= before, "a file is cut, not made longer")
        try change("truncate") { file, random, dies in
            if dies, random.chance(500) { return }
            file.content.removeLast(file.content.count - size)
            file.synced.removeLast(file.synced.count - size)
            file.dirty = file.dirty.filter { $0 < size }
        }
        disk.giveBack(before - size)
    }

    private func change(
        _ operation: String,
        _ body: (inout SimulatedDisk.File, inout SimulationRandom, _ dies: Bool) -> Void
    ) throws(StoreError) {
        try disk.perform(operation, generation: generation) { state, dies throws(StoreError) in
            guard var file = state.files.removeValue(forKey: number) else {
                throw .system(operation: operation, name: "file \(number)", code: 2)
            }
            body(&file, &state.random, dies)
            state.files[number] = file
        }
    }
}

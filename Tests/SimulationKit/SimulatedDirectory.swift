import ShardStore

/// A log's directory on a `SimulatedDisk`.
final class SimulatedDirectory: LogDirectory {
    private let disk: SimulatedDisk
    private let generation: Int

    init(disk: SimulatedDisk, generation: Int) {
        self.disk = disk
        self.generation = generation
    }

    func list() throws(StoreError) -> [String] {
        try disk.perform("list", generation: generation) { state, _ in state.names.keys.sorted() }
    }

    func create(_ name: String, size: Int) throws(StoreError) -> any LogFile {
        let number = try disk.perform("create", generation: generation) { state, dies throws(StoreError) in
            guard size <= state.freeBytes else { throw .diskFull }
            let zeros = [UInt8](repeating: 0, count: dies ? size / 2 : size)
            state.nextFile += 1
            state.names[name] = state.nextFile
            state.files[state.nextFile] = SimulatedDisk.File(content: zeros, synced: zeros)
            state.freeBytes -= size
            return state.nextFile
        }
        return SimulatedFile(disk: disk, generation: generation, number: number)
    }

    func open(_ name: String) throws(StoreError) -> any LogFile {
        let number = try disk.perform("open", generation: generation) { state, _ throws(StoreError) in
            guard let number = state.names[name] else { throw .system(operation: "open", name: name, code: 2) }
            return number
        }
        return SimulatedFile(disk: disk, generation: generation, number: number)
    }

    func rename(_ name: String, to new: String) throws(StoreError) {
        try disk.perform("rename", generation: generation) { state, dies throws(StoreError) in
            guard let number = state.names[name] else { throw .system(operation: "rename", name: name, code: 2) }
            // A renaming that the crash overtook may have happened or not.
            if dies, state.random.chance(500) { return }
            state.names[name] = nil
            if let replaced = state.names[new], let file = state.files.removeValue(forKey: replaced) {
                state.freeBytes += file.content.count
            }
            state.names[new] = number
        }
    }

    func remove(_ name: String) throws(StoreError) {
        try disk.perform("remove", generation: generation) { state, dies in
            if dies, state.random.chance(500) { return }
            guard let number = state.names.removeValue(forKey: name) else { return }
            state.freeBytes += state.files.removeValue(forKey: number)?.content.count ?? 0
        }
    }
}

import Testing

/// Who may import whom.
@Suite("Arrows between rooms")
struct ArrowTests {
    /// The modules a file imports, each with the number of its line.
    private func imports(of file: Repository.File) -> [(module: String, line: Int)] {
        let pattern =
            #/^\s*(?:@\w+(?:\(\w+\))?\s+)*(?:[a-z]+\s+)?import\s+(?:[a-z]+\s+)?(\w+)/#
        return file.lines.enumerated().compactMap { index, line in
            line.firstMatch(of: pattern).map { (String($0.1), index + 1) }
        }
    }

    @Test("Every room imports only what its arrows allow", arguments: Repository.rooms)
    func arrows(room: String) {
        guard !Rooms.seeEverything.contains(room), !Rooms.systemLibraries.keys.contains(room) else { return }
        guard let allowed = Rooms.arrows[room] else {
            Issue.record("the room \(room) is not in the table of Rooms.swift: which stair does it stand on?")
            return
        }
        for file in Repository.sources where file.room == room {
            for found in imports(of: file) where isOfTheHouse(found.module) {
                #expect(
                    allowed.contains(found.module),
                    "\(file.path):\(found.line): \(room) may not import \(found.module)"
                )
            }
        }
    }

    @Test("The arrows make no circle")
    func noCircle() {
        var done: Set<String> = []
        while true {
            let next = Rooms.arrows.filter { room, targets in
                !done.contains(room) && targets.allSatisfy { done.contains($0) || Rooms.arrows[$0] == nil }
            }
            guard !next.isEmpty else { break }
            done.formUnion(next.keys)
        }
        #expect(done.count == Rooms.arrows.count, "in a circle: \(Set(Rooms.arrows.keys).subtracting(done).sorted())")
    }

    @Test(
        "A system library is imported by one room, and only there, inwardly",
        arguments: Rooms.systemLibraries.keys.sorted()
    )
    func systemLibraries(library: String) {
        for file in Repository.sources where imports(of: file).contains(where: { $0.module == library }) {
            #expect(file.room == Rooms.systemLibraries[library], "\(file.path) may not import \(library)")
            #expect(!file.text.contains("public import \(library)"), "\(file.path): \(library) leaves its room")
        }
    }

    @Test("Modules from outside are imported by the rooms that are named for it")
    func outside() {
        for file in Repository.sources where !Rooms.seeEverything.contains(file.room) {
            for found in imports(of: file) {
                guard let allowed = Rooms.outside[found.module] ?? undeclaredModule(found.module) else { continue }
                #expect(
                    allowed.contains(file.room),
                    "\(file.path):\(found.line): \(file.room) may not import \(found.module)"
                )
            }
        }
    }

    @Test("What is behind a lock is behind one that ThreadSanitizer sees: the room Locks has it")
    func locks() {
        let use = #/\bMutex[<(]/#
        for file in Repository.sources + Repository.tests where file.code.firstMatch(of: use) != nil {
            let found = Set(imports(of: file).map(\.module))
            #expect(
                file.room == "Locks" || found.contains("Locks"),
                "\(file.path): import Locks, not the Mutex of Synchronization"
            )
        }
    }

    @Test("No room is a drawer", arguments: Repository.rooms)
    func drawers(room: String) {
        for word in ["Utils", "Utilities", "Common", "Helpers", "Core", "Shared", "Misc"] {
            #expect(room != word && !room.hasSuffix(word), "name \(room) for what it holds")
        }
    }

    /// NIO comes in many modules: those not in the table belong to Transport.
    private func undeclaredModule(_ module: String) -> Set<String>? {
        module.hasPrefix("NIO") || module.hasPrefix("_NIO") ? ["Transport"] : nil
    }

    private func isOfTheHouse(_ module: String) -> Bool {
        Rooms.arrows[module] != nil || Rooms.systemLibraries[module] != nil || Rooms.seeEverything.contains(module)
    }
}

import Testing

/// What lies where.
@Suite("Layout")
struct LayoutTests {
    /// The top level, wholly.
    static let topLevel: Set = [
        ".ci", ".gitignore", ".swift-format", "Benchmarks", "LICENSE", "Package.swift", "README.md", "Sources", "Tests",
        "cluster", "ops",
    ]

    @Test("The top level holds what it should and nothing else")
    func top() {
        for name in Repository.entries(of: "") {
            #expect(Self.topLevel.contains(name), "\(name) has no place on the top level")
        }
        for name in Self.topLevel where name != "Benchmarks" {
            #expect(Repository.holds(name), "\(name) is missing")
        }
    }

    @Test("A test folder of a room is named after a room that exists")
    func testFolders() {
        let others: Set = [
            "Cluster", "TidyTests", "Stories", "StoryTests", "Golden", "SimulationKit", "TestRandom", "simulate",
        ]
        let free: Set = [
            "SimulationTests", "Conformance", "Fuzz", "Scenarios", "Formats", "run", "nightly", "mutations",
            "sanitizers", "README.md",
        ]
        for name in Repository.entries(of: "Tests") where !others.contains(name) && !free.contains(name) {
            let room = name.hasSuffix("Tests") ? String(name.dropLast(5)) : name
            #expect(Repository.rooms.contains(room), "Tests/\(name) tests no room")
        }
    }

    @Test(
        "What is run can be run",
        arguments: [
            "cluster/up", "cluster/down", "cluster/status", "cluster/demo", "Tests/run", "Tests/nightly",
            "Tests/sanitizers",
        ]
    )
    func executable(path: String) {
        #expect(Repository.runs(path), "\(path) cannot be executed")
    }

    @Test("No file is large")
    func large() throws {
        for folder in ["Sources", "Tests", "cluster", "ops"] {
            for file in Repository.files(
                below: folder,
                kinds: ["swift", "py", "csv", "ndjson", "yaml", "md", "txt", "json"]
            ) {
                #expect(file.text.utf8.count <= 512 * 1024, "\(file.path) has \(file.text.utf8.count) bytes")
            }
        }
    }
}

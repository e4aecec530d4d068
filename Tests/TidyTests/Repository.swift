import Foundation

/// The files of this repository as the tidy tests read them.
enum Repository {
    /// The folder that holds `Package.swift`.
    static let root: URL = {
        var url = URL(filePath: #filePath).resolvingSymlinksInPath()
        for _ in 0..<3 { url.deleteLastPathComponent() }
        return url
    }()

    /// A text file, by its path from the root.
    struct File: Sendable {
        /// Its path from the root, with `/` between the parts.
        let path: String
        /// What it holds.
        let text: String
        /// What it holds, line by line.
        let lines: [Substring]

        /// Its code without comments and the insides of strings; empty where it is not Swift.
        let code: String

        /// Its code, line by line.
        var codeLines: [Substring] { code.split(separator: "\n", omittingEmptySubsequences: false) }
        /// The first folder below `Sources` or `Tests`.
        var room: String { path.split(separator: "/").dropFirst().first.map(String.init) ?? "" }
        /// What comes after the last dot of its name.
        var kind: Substring { path.split(separator: "/").last?.split(separator: ".").last ?? "" }
    }

    /// Every text file below `folder`, ordered by path.
    static func files(below folder: String, kinds: Set<Substring>) -> [File] {
        paths(below: folder).filter { kinds.contains($0.split(separator: "/").last?.split(separator: ".").last ?? "") }
            .compactMap(file)
    }

    /// One text file; `nil` where it is not there or is no UTF-8.
    static func file(_ path: String) -> File? {
        guard let data = try? Data(contentsOf: root.appending(path: path)),
            let text = String(validating: data, as: UTF8.self)
        else { return nil }
        return File(
            path: path,
            text: text,
            lines: text.split(separator: "\n", omittingEmptySubsequences: false),
            code: path.hasSuffix(".swift") ? SwiftText.code(of: text) : ""
        )
    }

    /// Whether there is a file or folder of this path.
    static func holds(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: root.appending(path: path).path)
    }

    /// Whether the file of this path may be run.
    static func runs(_ path: String) -> Bool {
        FileManager.default.isExecutableFile(atPath: root.appending(path: path).path)
    }

    /// The names in a folder, ordered; those that the builds and editors leave behind are not among them.
    static func entries(of folder: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: root.appending(path: folder).path)) ?? []
        return names.filter { !isLeftover($0) }.sorted()
    }

    /// Every path of a file below `folder`, ordered.
    static func paths(below folder: String) -> [String] {
        entries(of: folder).flatMap { name -> [String] in
            let path = folder.isEmpty ? name : folder + "/" + name
            let kind = try? FileManager.default.attributesOfItem(atPath: root.appending(path: path).path)[.type]
            return kind as? FileAttributeType == .typeDirectory ? paths(below: path) : [path]
        }
    }

    /// The rooms: the folders of `Sources`.
    static let rooms = entries(of: "Sources")

    /// All Swift files of the rooms.
    static let sources = files(below: "Sources", kinds: ["swift"])

    /// All Swift files of the tests.
    static let tests = files(below: "Tests", kinds: ["swift"])

    private static func isLeftover(_ name: String) -> Bool {
        let names: Set = [".git", ".swiftpm", ".cluster", ".DS_Store", "__pycache__", "data", "Package.resolved"]
        return names.contains(name) || name.hasPrefix(".build") || name.hasSuffix(".xcodeproj")
    }
}

import Testing

/// Words that have no place in what is handed over.
@Suite("Words")
struct WordTests {
    // Put together here, so that this file does not hold them.
    static let unfinished = ["TO" + "DO", "FIX" + "ME", "X" + "XX", "HA" + "CK", "not " + "implemented"]
    static let foreign = [
        "/wo" + "rk/", "/opt/swift-" + "packages", "score_" + "linkage", "Clau" + "de", "Anthro" + "pic",
        "Chat" + "GPT",
        "sub" + "agent", "contract" + ".md", "house" + ".md", "taste" + ".md", "measurements" + ".md",
    ]

    static let files =
        ["Sources", "Tests", "cluster", "ops", "Benchmarks"].flatMap {
            Repository.files(
                below: $0,
                kinds: ["swift", "py", "md", "yaml", "yml", "sh", "service", "h", "c", "toml", "txt"]
            )
        } + Shell.scripts + ["README.md", "Package.swift"].compactMap(Repository.file)

    @Test("Nothing is left for later")
    func nothingUnfinished() {
        for file in Self.files {
            for (index, line) in file.lines.enumerated() {
                for word in Self.unfinished where contains(line, word) {
                    Issue.record("\(file.path):\(index + 1): \(word)")
                }
            }
        }
    }

    @Test("Nothing speaks of the place where it was written")
    func nothingForeign() {
        for file in Self.files {
            for word in Self.foreign where file.text.contains(word) {
                Issue.record("\(file.path) holds '\(word)'")
            }
        }
    }

    /// Whether a line holds the word as a word of its own.
    private func contains(_ line: Substring, _ word: String) -> Bool {
        guard let range = line.firstRange(of: word) else { return false }
        let before = range.lowerBound == line.startIndex ? " " : line[line.index(before: range.lowerBound)]
        let after = range.upperBound == line.endIndex ? " " : line[range.upperBound]
        return !before.isLetter && !after.isLetter && !before.isNumber
    }
}

import Testing

/// Pure rooms compute: the same input gives the same output on every machine and every day.
@Suite("Pure rooms")
struct PurityTests {
    /// A word that has no place in a pure room, and what to use in its place.
    struct Ban: Sendable, CustomTestStringConvertible {
        let name: String
        /// A word that each match holds; it is looked for first, because that is fast.
        let word: String
        let pattern: @Sendable () -> Regex<Substring>
        let instead: String
        var testDescription: String { name }
    }

    static let banned: [Ban] = [
        Ban(name: "Date()", word: "Date()", pattern: { #/\bDate\(\)/# }, instead: "take the time as a parameter"),
        Ban(
            name: ".now",
            word: ".now",
            pattern: { #/(?:Clock|Date|Instant)\b[\w.()]*\.now\b/# },
            instead: "take a clock as a parameter"
        ),
        Ban(
            name: "clocks",
            word: "Clock",
            pattern: { #/\b(?:Continuous|Suspending)Clock\b/# },
            instead: "take a clock as a parameter"
        ),
        Ban(name: "UUID()", word: "UUID", pattern: { #/\bUUID\(\)/# }, instead: "take an identifier as a parameter"),
        Ban(
            name: "random",
            word: "(",
            pattern: { #/\.(?:random|randomElement|shuffled|shuffle)\((?![^)]*using:)[^)]*\)/# },
            instead: "take a generator as a parameter"
        ),
        Ban(
            name: "system generator",
            word: "SystemRandom",
            pattern: { #/\bSystemRandomNumberGenerator\b/# },
            instead: "take a generator as a parameter"
        ),
        Ban(
            name: "Hasher",
            word: "ash",
            pattern: { #/\bHasher\(\)|\.hashValue\b/# },
            instead: "KeyHash: it is the same in every process"
        ),
        Ban(
            name: "print",
            word: "rint(",
            pattern: { #/(?:^|[^\w.])(?:debugPrint|print)\(/# },
            instead: "return a value"
        ),
        Ban(
            name: "fatalError",
            word: "fatalError",
            pattern: { #/\bfatalError\(/# },
            instead: "precondition for our bugs, errors for the world"
        ),
        Ban(
            name: "tasks",
            word: "Task",
            pattern: { #/\bTask(?:\.detached)?\s*\{|\bTask\.sleep\b/# },
            instead: "leave waiting to the shell"
        ),
    ]

    @Test("A pure room does without", arguments: banned)
    func without(_ ban: Ban) {
        let pattern = ban.pattern()
        for file in Repository.sources where Rooms.pure.contains(file.room) && file.code.contains(ban.word) {
            for (index, line) in file.codeLines.enumerated() where line.firstMatch(of: pattern) != nil {
                Issue.record("\(file.path):\(index + 1): no \(ban.name) in a pure room; \(ban.instead)")
            }
        }
    }
}

import Testing

/// What the pages say is so.
@Suite("Pages")
struct DocumentTests {
    static let pages =
        ["README.md"].compactMap(Repository.file)
        + ["Sources", "Tests", "cluster", "ops", "Benchmarks"].flatMap { Repository.files(below: $0, kinds: ["md"]) }

    /// The commands that the program declares.
    private var commands: Set<String> {
        var names: Set<String> = []
        for file in Repository.sources where file.room == "tessera" {
            for match in file.text.matches(of: #/commandName:\s*"([a-z-]+)"/#) { names.insert(String(match.1)) }
        }
        return names
    }

    @Test("Every script that a page names can be run")
    func scripts() {
        for page in Self.pages {
            for match in page.text.matches(
                of: #/(?:^|[\s`(])((?:cluster/(?:up|down|status|demo)|Tests/run|\.ci/run|Tests/Cluster/\w+\.py))\b/#
            ) {
                #expect(Repository.runs(String(match.1)), "\(page.path) names \(match.1), which cannot be run")
            }
        }
    }

    @Test("Every command that a page names exists")
    func subcommands() {
        let known = commands
        guard !known.isEmpty else { return }
        for page in Self.pages {
            for match in page.text.matches(of: #/(?m)(?:^\s*(?:\$ )?|`)tessera ([a-z-]+)/#) {
                #expect(known.contains(String(match.1)), "\(page.path) names `tessera \(match.1)`, which is no command")
            }
        }
    }

    @Test("Every link between pages leads somewhere")
    func links() {
        for page in Self.pages {
            let folder = page.path.split(separator: "/").dropLast().joined(separator: "/")
            for match in page.text.matches(of: #/\]\(([^)#\s]+)(?:#[^)]*)?\)/#) where !match.1.contains(":") {
                let path = normalise(folder.isEmpty ? String(match.1) : folder + "/" + match.1)
                #expect(Repository.holds(path), "\(page.path) links to \(match.1), which is not there")
            }
        }
    }

    @Test("Every alert has a runbook and every runbook an alert")
    func runbooks() throws {
        let alerts = try #require(Repository.file("ops/alerts.yaml")).text
        let named = alerts.matches(of: #/runbook:\s*(\S+)/#).map { String($0.1) }
        #expect(alerts.matches(of: #/- alert:/#).count == named.count, "each alert names one runbook")
        for path in named {
            #expect(Repository.holds(path), "ops/alerts.yaml names \(path), which is not there")
        }
        for page in Repository.files(below: "ops/runbooks", kinds: ["md"]) {
            #expect(named.contains(page.path), "\(page.path) belongs to no alert")
            for part in ["## What you see", "## What it means", "## What to type", "## What not to type"] {
                #expect(page.text.contains(part), "\(page.path) does not say: \(part.dropFirst(3))")
            }
        }
    }

    private func normalise(_ path: String) -> String {
        var parts: [Substring] = []
        for part in path.split(separator: "/") where part != "." {
            if part == ".." { _ = parts.popLast() } else { parts.append(part) }
        }
        return parts.joined(separator: "/")
    }
}

internal import ArgumentParser
internal import JSON
internal import RuleSets

/// `tessera rules diff`: what two rule sets of a registry say differently.
struct RulesDiffCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Shows what one rule set of a registry says otherwise than another, line by line.",
        discussion: """
            Lines of the older one begin with -, lines of the newer one with +; two heads say which is which. With \
            one version, that is what activating it would change. Both are compared in one form, so that comments and \
            order make no difference. Exit status: 0 always.
            """
    )

    @Argument(
        help: ArgumentHelp("The newer one, as `show` takes it; of two versions the older one.", valueName: "version")
    )
    var first: String

    @Argument(help: ArgumentHelp("The newer of two; without it the older one is what decides.", valueName: "newer"))
    var second: String?

    @OptionGroup var target: ClusterTarget

    func run() async throws {
        let (old, new) = second.map { (first, $0) } ?? ("deciding", first)
        let found = try await RegistryClient.with(target.url(), target.connection) { client in
            let call = RulesCall(client: client)
            let report = try await call.read()
            let versions = try [old, new].map { try RulesCall.version($0, in: report) }
            var texts: [String] = []
            for version in versions { texts.append(try await call.file(version)) }
            return (report: report, versions: versions, texts: texts)
        }
        let lines = try found.texts.map { try Self.lines($0) }
        let changes = Self.changes(from: lines[0], to: lines[1])
        var answer = JSONWriter()
        answer.beginObject()
        answer.member("from", found.versions[0])
        answer.member("to", found.versions[1])
        answer.key("changes")
        answer.beginArray()
        for change in changes { answer.string(change) }
        answer.endArray()
        answer.endObject()
        target.tell(try JSONValue(parsing: answer.bytes.span.bytes)) {
            changes.isEmpty ? ["they say the same"] : Self.heads(found.versions, found.report) + changes
        }
    }

    /// Which one is the older and which the newer, with what they are for the registry.
    static func heads(_ versions: [String], _ report: JSONValue) -> [String] {
        zip(["---", "+++"], versions).map { mark, version in
            let name = report["versions"]?.array?.first { $0["version"]?.string == version }?["name"]?.string
            let decides = report["deciding"]?.string == version ? "decides now" : nil
            let words = [name, decides].compactMap { $0 }.joined(separator: ", ")
            return "\(mark) \(version)" + (words.isEmpty ? "" : "  (\(words))")
        }
    }

    /// A rule file in the one form that all have, each line with what it stands under.
    private static func lines(_ text: String) throws -> [String] {
        let canonical = try RuleSetFile(yaml: text).compiled().yaml()
        var above: [(indent: Int, text: Substring)] = []
        return canonical.split(separator: "\n").map { line in
            let indent = line.prefix { $0 == " " }.count
            above.removeAll { $0.indent >= indent }
            let text = line.dropFirst(indent)
            let path = above.map { $0.text.hasSuffix(":") ? $0.text.dropLast() : $0.text } + [text]
            if text.hasSuffix(":") { above.append((indent, text)) }
            return path.joined(separator: ".")
        }
    }

    /// The lines that one has alone, in order; `-` before those of the older, `+` before those of the newer.
    ///
    /// What both say something about stands together.
    static func changes(from old: [String], to new: [String]) -> [String] {
        let (before, after) = (Set(old), Set(new))
        let added = new.filter { !before.contains($0) }
        let places = Dictionary(added.map { (subject($0), $0) }) { first, _ in first }
        var told: Set<String> = []
        var changes: [String] = []
        for line in old where !after.contains(line) {
            changes.append("- \(line)")
            guard let counterpart = places[subject(line)], told.insert(counterpart).inserted else { continue }
            changes.append("+ \(counterpart)")
        }
        return changes + added.filter { !told.contains($0) }.map { "+ \($0)" }
    }

    /// What a line is about: all before its value.
    ///
    /// An entry of a list is about itself.
    private static func subject(_ line: String) -> Substring {
        line.firstRange(of: ": ").map { line[..<$0.lowerBound] } ?? line[...]
    }
}

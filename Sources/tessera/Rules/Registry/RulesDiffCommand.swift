internal import ArgumentParser
internal import JSON
internal import RuleSets

/// `tessera rules diff`: what two rule sets of a registry say differently.
struct RulesDiffCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Shows what two rule sets of a registry say differently, line by line.",
        discussion:
            "Both are compared in one form, so that comments and order make no difference. Exit status: 0 always."
    )

    @Argument(help: ArgumentHelp("A version, as `show` takes it.", valueName: "version"))
    var first: String

    @Argument(help: ArgumentHelp("The other one.", valueName: "version"))
    var second = "deciding"

    @OptionGroup var target: ClusterTarget

    func run() async throws {
        let (first, second) = (first, second)
        let texts = try await RegistryClient.with(target.url(), target.connection) { client in
            let call = RulesCall(client: client)
            let report = try await call.read()
            let one = try await call.file(try RulesCall.version(first, in: report))
            let other = try await call.file(try RulesCall.version(second, in: report))
            return [one, other]
        }
        let lines = try texts.map { try Self.lines($0) }
        let changes = Self.changes(lines[0], lines[1])
        target.tell(.array(changes.map { .string($0) })) { changes.isEmpty ? ["they say the same"] : changes }
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

    /// The lines that one has alone, in order; `-` before those of the first, `+` before those of the second.
    static func changes(_ first: [String], _ second: [String]) -> [String] {
        let (known, new) = (Set(first), Set(second))
        return first.filter { !new.contains($0) }.map { "- \($0)" }
            + second.filter { !known.contains($0) }.map { "+ \($0)" }
    }
}

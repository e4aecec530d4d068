internal import JSON

/// What joined two records or keeps them apart, in words.
struct StandingWords {
    private let standing: JSONValue

    /// The member `standing` of an explanation.
    init(_ standing: JSONValue) { self.standing = standing }

    /// One line for the cause, one for each person of several records, one for a guard that objects.
    var lines: [String] {
        var lines = [cause]
        let persons = [list("personOfA"), list("personOfB")]
        for (name, records) in zip(["first", "second"], persons) where records.count > 1 && persons[0] != persons[1] {
            lines.append("the person of the \(name) record has " + Self.joined(records))
        }
        if persons[0] == persons[1], persons[0].count > 2 {
            lines.append("their person has " + Self.joined(persons[0]))
        }
        if let objection = standing["objection"]?.string {
            lines.append("between the two records alone a guard objects: \(objection)")
        }
        return lines
    }

    private var cause: String {
        switch standing["cause"]?.string {
        case "edge": "joined by their own score"
        case "chain": "joined through " + Self.joined(list("through"))
        case "decision": "a steward decided: \(decision)"
        case "decision-on-others": "a steward decided on \(Self.joined(list("between"))): \(decision)"
        case "guard": "kept apart by a guard, \(standing["guard"]?.string ?? "?"): " + Self.joined(list("between"))
        default: "nothing joins them"
        }
    }

    private var decision: String {
        let by = standing["by"]?.string.map { " (\($0))" } ?? ""
        let comment = standing["comment"]?.string.map { ": \($0)" } ?? ""
        return (standing["decision"]?.string ?? "?") + by + comment
    }

    private func list(_ member: String) -> [String] { (standing[member]?.array ?? []).compactMap(\.string) }

    /// Most records that a line names.
    private static let listed = 8

    private static func joined(_ records: [String]) -> String {
        let more = records.count > listed ? " and \(records.count - listed) more" : ""
        return records.prefix(listed).joined(separator: ", ") + more
    }
}

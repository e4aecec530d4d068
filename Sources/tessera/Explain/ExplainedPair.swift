internal import JSON

/// An explanation as people read it: the verdict, and the weight of each field as a waterfall.
struct ExplainedPair {
    private let answer: JSONValue

    /// The answer of `/api/v1/explain`.
    init(_ answer: JSONValue) { self.answer = answer }

    /// The whole text.
    var lines: [String] { [verdict, ""] + waterfall + [""] + remarks }

    private var explanation: JSONValue? { answer["explanation"] }

    private var verdict: String {
        let names = ["a", "b"].map { name(answer[$0]) }
        let goldens = ["a", "b"].map { answer[$0]?["golden"]?.string ?? "none" }
        let found =
            answer["samePerson"]?.boolean == true
            ? "one person, \(goldens[0])" : "two persons, \(goldens[0]) and \(goldens[1])"
        return "\(names[0]) and \(names[1]) are \(found)"
    }

    private func name(_ record: JSONValue?) -> String {
        "\(record?["source"]?.string ?? "?")|\(record?["id"]?.string ?? "?")"
    }

    /// The alternative to "one person" that explains the pair best: its weights are the ones that count.
    private var decisive: JSONValue? {
        explanation?["alternatives"]?.array?.first { $0["decisive"]?.boolean == true }
    }

    private var waterfall: [String] {
        let prior = decisive?["prior"]?.double ?? 0
        let fields = explanation?["fields"]?.array ?? []
        var steps = [prior]
        for field in fields { steps.append((steps.last ?? 0) + (field["weight"]?.double ?? 0)) }
        let bars = WaterfallBars(steps)
        var table = TextTable([
            ("field", .left), ("agreement", .left), ("bits", .right), ("sum", .right), ("", .left), ("first", .left),
            ("second", .left),
        ])
        table.add(["before", "", Self.bits(prior), Self.bits(prior), bars[0]])
        for (index, field) in fields.enumerated() {
            let isKnown = field["level"]?.string != "missing"
            table.add([
                Self.words(field["field"]), Self.level(field),
                isKnown ? Self.bits(field["weight"]?.double ?? 0) : "", isKnown ? Self.bits(steps[index + 1]) : "",
                isKnown ? bars[index + 1] : "", field["a"]?.string ?? "", field["b"]?.string ?? "",
            ])
        }
        return table.lines
    }

    private var remarks: [String] {
        let weight = Self.bits(explanation?["weight"]?.double ?? 0)
        let threshold = Self.bits(explanation?["matchThreshold"]?.double ?? 0)
        var line = "\(weight) bits"
        if let name = decisive?["name"]?.string { line += " against \(Self.words(.string(name)))" }
        switch explanation?["outcome"]?.string {
        case "match": line += ": a match, \(threshold) are needed"
        case "review": line += ": for a steward to decide, a match needs \(threshold)"
        default: line += ": no match, \(threshold) are needed"
        }
        var lines = [line]
        let keys = (explanation?["foundBy"]?.array ?? []).compactMap(\.string)
        lines.append(
            keys.isEmpty ? "no key finds them: they have none in common" : "found by " + keys.joined(separator: ", ")
        )
        let enough = (explanation?["wouldSuffice"]?.array ?? []).map { change in
            "\(Self.words(change["field"])) \(Self.words(change["level"]))"
        }
        if !enough.isEmpty { lines.append("one of these would suffice: " + enough.joined(separator: ", ")) }
        if let decision = explanation?["decision"] {
            let rule = decision["rule"]?.string ?? "?"
            lines.append("the rule `\(rule)` decides: \(decision["action"]?.string ?? "?")")
        }
        if let model = explanation?["model"] { lines += Self.model(model) }
        let nearest = (explanation?["nearest"]?.array ?? []).map { change in
            "\(Self.words(change["field"])) \(Self.words(change["level"]))"
        }
        if !nearest.isEmpty {
            let shortfall = Quantity.decimal(explanation?["shortfall"]?.double ?? 0, 1)
            lines.append("\(shortfall) bits are missing; nearest: " + nearest.joined(separator: " and "))
        }
        if let standing = answer["standing"] { lines += StandingWords(standing).lines }
        return lines + ["rules \(answer["rules"]?.string ?? "?")"]
    }

    /// What a model of another system made of the pair, a line a comparison.
    private static func model(_ model: JSONValue) -> [String] {
        let rule = model["rule"]?.string.map { "\($0): " } ?? ""
        let sum = model["sum"]?.double.map { Quantity.decimal($0, 2) } ?? "no rule took it"
        let decision = model["decision"]?.string.map { ", \($0)" } ?? ""
        let parts = (model["comparisons"]?.array ?? []).map { part in
            "  \(part["name"]?.string ?? "?"): \(part["level"]?.string ?? "") \(bits(part["weight"]?.double ?? 0))"
        }
        return ["\(rule)\(sum)\(decision)"] + parts
    }

    /// The level, and what the frequency of a name adds to it.
    private static func level(_ field: JSONValue) -> String {
        guard let frequency = field["frequency"]?.double else { return words(field["level"]) }
        return "\(words(field["level"])), frequency \(bits(frequency))"
    }

    /// A name of the rules as words.
    private static func words(_ name: JSONValue?) -> String {
        String((name?.string ?? "").map { $0 == "_" ? " " : $0 })
    }

    private static func bits(_ value: Double) -> String { (value > 0 ? "+" : "") + Quantity.decimal(value, 1) }
}

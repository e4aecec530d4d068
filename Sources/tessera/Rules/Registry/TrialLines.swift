internal import JSON

/// What a candidate would change, as people read it.
enum TrialLines {
    static func lines(_ view: JSONValue?, none: String) -> [String] {
        guard let view else { return [none] }
        func count(_ name: String) -> String { Quantity.count(view[name]?.integer ?? 0) }
        func both(_ name: String) -> String {
            let values = ["active", "candidate"].map { Quantity.count(view[$0]?[name]?.integer ?? 0) }
            return "\(values[0]) -> \(values[1])"
        }
        var lines = [
            "\(view["version"]?.string ?? "?") \(view["phase"]?.string ?? "?"), tried on \(count("tried")) records"
        ]
        if let dropped = view["dropped"]?.integer, dropped > 0 { lines[0] += ", \(Quantity.count(dropped)) left out" }
        lines.append("would join another person   \(count("joining")) records")
        lines.append("would part from its own     \(count("parting")) records")
        lines.append("pairs for stewards          \(both("questions"))")
        lines.append("pairs scored                \(both("scored"))")
        lines.append("postings read               \(both("postings"))")
        if let unposted = view["unpostedRules"]?.integer, unposted > 0 {
            lines.append("\(unposted) of its blocking rules are not posted yet: what they would find is not seen here")
        }
        for sample in view["samples"]?.array ?? [] {
            let weights = ["active", "candidate"].map { name in
                sample[name]?.double.map { "\($0)" } ?? "nothing"
            }
            lines.append(
                "  \(sample["would"]?.string ?? "?")  \(sample["a"]?.string ?? "?")  \(sample["b"]?.string ?? "?")"
                    + "  (\(weights[0]) -> \(weights[1]) bits)"
            )
        }
        if let fault = view["fault"]?.string { lines.append(fault) }
        return lines
    }
}

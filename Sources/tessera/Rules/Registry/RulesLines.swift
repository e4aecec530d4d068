internal import JSON

/// How it stands with the rules, as people read it.
enum RulesLines {
    /// The change that is under way, in a line.
    static func progress(_ change: JSONValue) -> String {
        let (done, of) = (change["done"]?.integer ?? 0, max(change["of"]?.integer ?? 1, 1))
        let phase = change["phase"]?.string ?? "?"
        var line = "\(change["from"]?.string ?? "?") -> \(change["to"]?.string ?? "?"): \(phase), \(done * 100 / of) %"
        line += ", \(Quantity.count(change["renewed"]?.integer ?? 0)) records written"
        if change["paused"]?.boolean == true { line += ", paused" }
        if let fault = change["fault"]?.string { line += "; \(fault)" }
        return line
    }

    /// What decides, what is under way.
    static func status(_ report: JSONValue) -> [String] {
        var lines = ["deciding    \(report["deciding"]?.string ?? "?")"]
        for word in ["configured", "previous", "shadow"] {
            guard let version = report[word]?.string else { continue }
            lines.append(word + String(repeating: " ", count: 12 - word.count) + version)
        }
        if let counts = report["counts"] {
            let records = Quantity.count(counts["records"]?.integer ?? 0)
            lines.append("counted     names of \(records) records, through write \(counts["through"]?.integer ?? 0)")
        }
        if let change = report["change"] { lines.append("change      " + progress(change)) }
        return lines
    }

    /// The versions.
    static func versions(_ report: JSONValue) -> [String] {
        let versions = report["versions"]?.array ?? []
        guard !versions.isEmpty else {
            return ["no rule set was put; the coordinators decide by \(report["deciding"]?.string ?? "?")"]
        }
        var table = TextTable([
            ("version", .left), ("name", .left), ("put", .left), ("by", .left), ("size", .right), ("", .left),
            ("comment", .left),
        ])
        for version in versions {
            let digits = version["version"]?.string ?? "?"
            let marks = ["deciding", "previous", "shadow"].filter { report[$0]?.string == digits }
            table.add([
                digits, version["name"]?.string ?? "", String((version["at"]?.string ?? "").prefix(19)),
                version["by"]?.string ?? "", Quantity.bytes(version["bytes"]?.integer ?? 0),
                marks.joined(separator: ", "), version["comment"]?.string ?? "",
            ])
        }
        return table.lines
    }

    /// What was done about which rules decide.
    static func turns(_ report: JSONValue) -> [String] {
        var table = TextTable([("at", .left), ("version", .left), ("", .left), ("by", .left), ("comment", .left)])
        for turn in report["turns"]?.array ?? [] {
            table.add([
                String((turn["at"]?.string ?? "").prefix(19)), turn["version"]?.string ?? "?",
                turn["done"]?.string ?? "?", turn["by"]?.string ?? "", turn["comment"]?.string ?? "",
            ])
        }
        return table.lines
    }
}

internal import JSON

/// What a load did, told at its end.
struct LoadSummary: Sendable {
    let counts: LoadTally.Counts
    let seconds: Double
    let marks: [LoadTally.Mark]
    /// The file of rejects.
    let rejects: String

    private var rate: Double { seconds > 0 ? Double(counts.acknowledged) / seconds : 0 }

    /// For people.
    var line: String {
        let known = counts.acknowledged - counts.created
        var line = "\(Quantity.count(counts.acknowledged)) records stored"
        line += " (\(Quantity.count(counts.created)) new, \(Quantity.count(known)) known before)"
        line += " in \(Quantity.time(seconds: seconds)), \(Quantity.count(Int(rate.rounded()))) records/s"
        if counts.retried > 0 { line += "; \(Quantity.count(counts.retried)) sent again" }
        if counts.rejected > 0 { line += "; \(Quantity.count(counts.rejected)) rejected, see \(rejects)" }
        return line
    }

    /// For programs.
    var json: JSONValue {
        var object: JSONObject = [
            "read": .number(JSONNumber(counts.read)),
            "acknowledged": .number(JSONNumber(counts.acknowledged)),
            "created": .number(JSONNumber(counts.created)),
            "rejected": .number(JSONNumber(counts.rejected)),
            "sentAgain": .number(JSONNumber(counts.retried)),
            "seconds": .number(JSONNumber((seconds * 1_000).rounded() / 1_000)),
            "recordsPerSecond": .number(JSONNumber(rate.rounded())),
        ]
        if counts.rejected > 0 { object["rejects"] = .string(rejects) }
        let marks = marks.map { mark in
            JSONValue.object([
                "records": .number(JSONNumber(mark.records)),
                "seconds": .number(JSONNumber((mark.seconds * 1_000).rounded() / 1_000)),
            ])
        }
        object["marks"] = .array(marks)
        return .object(object)
    }
}

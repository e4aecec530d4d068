internal import JSON
internal import RecordFiles

/// A score as people and programs read it.
struct ScoreReport {
    private let score: LinkageScore

    /// A report of a score.
    init(_ score: LinkageScore) { self.score = score }

    /// For people.
    var lines: [String] {
        var table = TextTable([("", .left), ("precision", .right), ("recall", .right), ("F1", .right)])
        table.add(["pairwise"] + [score.precision, score.recall, score.f1].map(Self.share))
        table.add(["B-cubed"] + [score.bCubedPrecision, score.bCubedRecall, score.bCubedF1].map(Self.share))
        var lines = table.lines
        lines.append("")
        lines.append(
            "\(count(score.records)) records of \(count(score.entities)) persons; found \(count(score.clusters))"
        )
        lines.append(
            "\(count(score.truePositives)) pairs right, \(count(score.falsePositives)) wrong, "
                + "\(count(score.falseNegatives)) missed"
        )
        lines.append(
            "\(count(score.exactClusters)) persons exactly right, \(count(score.splitEntities)) split, "
                + "\(count(score.overmergedClusters)) groups hold more than one person"
        )
        if let worst = score.biggestFalseMerge {
            lines.append("worst: \(worst.label) holds \(worst.entities) persons in \(worst.records) records")
        }
        if score.missingInPrediction > 0 {
            lines.append("\(count(score.missingInPrediction)) records of the truth are not in the links")
        }
        if score.unknownInPrediction > 0 {
            lines.append("\(count(score.unknownInPrediction)) records of the links are not in the truth")
        }
        return lines
    }

    /// For programs.
    var json: JSONValue {
        var object: JSONObject = [
            "pairwise": Self.triple(score.precision, score.recall, score.f1),
            "bCubed": Self.triple(score.bCubedPrecision, score.bCubedRecall, score.bCubedF1),
            "records": number(score.records), "entities": number(score.entities), "clusters": number(score.clusters),
            "truePairs": number(score.truePairs), "predictedPairs": number(score.predictedPairs),
            "truePositives": number(score.truePositives), "falsePositives": number(score.falsePositives),
            "falseNegatives": number(score.falseNegatives), "exactClusters": number(score.exactClusters),
            "overmergedClusters": number(score.overmergedClusters), "splitEntities": number(score.splitEntities),
            "singletonClusters": number(score.singletonClusters), "largestEntity": number(score.largestEntity),
            "largestCluster": number(score.largestCluster),
            "missingInPrediction": number(score.missingInPrediction),
            "unknownInPrediction": number(score.unknownInPrediction),
        ]
        if let worst = score.biggestFalseMerge {
            object["biggestFalseMerge"] = [
                "golden": .string(worst.label), "entities": number(worst.entities), "records": number(worst.records),
            ]
        }
        return .object(object)
    }

    private static func triple(_ precision: Double, _ recall: Double, _ f1: Double) -> JSONValue {
        [
            "precision": .number(JSONNumber(precision)), "recall": .number(JSONNumber(recall)),
            "f1": .number(JSONNumber(f1)),
        ]
    }

    private static func share(_ value: Double) -> String { Quantity.decimal(value, 4) }

    private func count(_ value: Int) -> String { Quantity.count(value) }

    private func number(_ value: Int) -> JSONValue { .number(JSONNumber(value)) }
}

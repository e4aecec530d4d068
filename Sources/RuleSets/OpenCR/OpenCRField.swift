import JSON
import Matching

/// One field of an OpenCR rule.
struct OpenCRField {
    let name: String
    let json: JSONValue
    let isProbabilistic: Bool
    let nulls: OpenCRNulls?
    private(set) var faults: [RuleSetFault] = []
    private(set) var notes: [String] = []
    /// The column's name in conditions.
    private(set) var column = ""

    init(name: String, json: JSONValue, isProbabilistic: Bool, nulls: OpenCRNulls?) {
        self.name = name
        self.json = json
        self.isProbabilistic = isProbabilistic
        self.nulls = nulls
    }

    private static let fieldKeys: Set<String> = [
        "algorithm", "threshold", "weight", "mValue", "uValue", "fhirpath", "espath", "null_handling",
        "null_handling_both", "nullHandling", "nullHandlingBothFields", "type", "path", "systems", "__comments",
        "_comment",
    ]

    /// Phonetic fields must agree before anything is scored.
    var isFilter: Bool { json["algorithm"]?.string == "phonetic" }

    /// Which value the field compares.
    mutating func source() -> ColumnSource? {
        guard let members = json.object?.members else {
            fault("", "expected an object")
            return nil
        }
        for member in members where !OpenCRField.fieldKeys.contains(member.key) {
            fault(".\(member.key)", "is not known in a field")
        }
        guard let path = json["fhirpath"]?.string, !path.isEmpty else {
            fault(".fhirpath", "is missing")
            return nil
        }
        guard let source = FHIRPathSource.source(path) else {
            fault(".fhirpath", "`\(path)` names no value that Tessera compares")
            return nil
        }
        column = OpenCRField.columnName(source)
        return source
    }

    private static func columnName(_ source: ColumnSource) -> String {
        guard let system = source.system else { return source.kind.rawValue }
        return "\(source.kind.rawValue) \(system)".filter { $0 != "\"" }
    }

    /// The levels: what agrees, what is missing, what differs.
    mutating func comparison() -> ColumnModel.Comparison? {
        guard let agrees = agreement() else { return nil }
        guard let (agree, differ) = weights() else { return nil }
        let nulls = OpenCRNulls(json, outer: nulls)
        for word in nulls.unknown { fault(".null_handling", "`\(word)` is none of \(OpenCRNulls.words)") }
        let (left, right) = ("\"\(column)_l\"", "\"\(column)_r\"")
        var levels: [ColumnModel.Level] = []
        func add(_ when: String, _ weight: Double, _ label: String) {
            var level = ColumnModel.Level(when: when)
            level.weight = weight
            level.label = label
            levels.append(level)
        }
        func points(_ handling: OpenCRNulls.Handling) -> Double {
            switch handling {
            case .conservative: differ
            case .moderate: 0
            case .greedy: agree
            }
        }
        if let either = nulls.either {
            add("\(left) IS NULL AND \(right) IS NULL", points(nulls.both ?? either), "missing in both")
            add("\(left) IS NULL OR \(right) IS NULL", points(either), "missing in one")
        } else if !isFilter {
            notes.append("without null_handling two missing values agree, as in OpenCR")
        }
        add(agrees, agree, "agrees")
        add("ELSE", differ, "differs")
        return isFilter
            ? .init(name: name, levels: [ColumnModel.Level(when: agrees)]) : .init(name: name, levels: levels)
    }

    private mutating func weights() -> (agree: Double, differ: Double)? {
        guard isProbabilistic else {
            for key in ["mValue", "uValue"] where json[key] != nil {
                notes.append("\(key) has no effect in a deterministic rule")
            }
            guard let weight = json["weight"] else { return (1, 0) }
            guard let number = weight.double, number.isFinite else {
                fault(".weight", "expected a number")
                return nil
            }
            return (number, 0)
        }
        guard let m = json["mValue"]?.double, let u = json["uValue"]?.double, m > 0, m < 1, u > 0, u < 1 else {
            fault(".mValue, .uValue", "a probabilistic rule needs both, between 0 and 1")
            return nil
        }
        // OpenCR adds logarithms to base 10.
        func tenths(_ first: Double, _ second: Double) -> Double {
            var level = ColumnModel.Level(when: "")
            level.m = first
            level.u = second
            return level.bits * 0.301_029_995_663_981_2
        }
        return (tenths(m, u), tenths(1 - m, 1 - u))
    }

    /// The condition under which the two values agree; values are compared trimmed and in lower case, missing as empty.
    private mutating func agreement() -> String? {
        guard let algorithm = json["algorithm"]?.string else {
            fault(".algorithm", "is missing")
            return nil
        }
        let (left, right) = ("lower(trim(coalesce(\"\(column)_l\", '')))", "lower(trim(coalesce(\"\(column)_r\", '')))")
        if algorithm == "exact" {
            if json["threshold"] != nil { notes.append("the threshold of `exact` has no effect") }
            return "\(left) = \(right)"
        }
        if algorithm == "phonetic" {
            guard !isProbabilistic else {
                fault(".algorithm", "`phonetic` aborts a probabilistic rule in OpenCR; use it in deterministic ones")
                return nil
            }
            notes.append("a phonetic field is a condition; the score of OpenCR's search engine is not added")
            return "metaphone(\(left)) = metaphone(\(right))"
        }
        guard let call = OpenCRField.calls[algorithm] else {
            let known = (["exact", "phonetic"] + OpenCRField.calls.keys.sorted()).joined(separator: ", ")
            fault(".algorithm", "`\(algorithm)` is not known; known are \(known)")
            return nil
        }
        guard let threshold = json["threshold"]?.double, threshold.isFinite, threshold != 0 || call.isDistance else {
            fault(".threshold", "`\(algorithm)` needs one: without it OpenCR adds the raw value to the score")
            return nil
        }
        if threshold == 0 {
            notes.append("a distance of at most 0 is equality; OpenCR would add the raw distance instead")
        }
        let value = "\(call.name)(\(left), \(right))"
        let similarity = call.isComplement ? "1 - \(value)" : value
        return "\(similarity) \(call.isDistance ? "<=" : ">=") \(threshold)"
    }

    /// An algorithm: the function, whether less is more alike, and whether the function gives the opposite.
    private struct Call {
        let name: String
        let isDistance: Bool
        var isComplement = false
    }

    private static let calls: [String: Call] = {
        var calls: [String: Call] = [
            "levenshtein": Call(name: "levenshtein", isDistance: true),
            "damerau-levenshtein": Call(name: "damerau_levenshtein", isDistance: true),
            "optimal-string-alignment": Call(name: "optimal_string_alignment", isDistance: true),
            "longest-common-subsequence": Call(name: "longest_common_subsequence", isDistance: true),
            "metric-lcs": Call(name: "metric_lcs", isDistance: true),
            "ngram": Call(name: "ngram", isDistance: true), "qgram": Call(name: "qgram", isDistance: true),
            "dateDamerau": Call(name: "date_damerau_similarity", isDistance: false),
        ]
        let similarities = [
            ("cosine", "cosine_similarity"), ("dice", "dice_similarity"), ("jaccard", "jaccard_shingle_similarity"),
            ("jaro-winkler", "long_jaro_winkler_similarity"), ("normalized-lcs", "normalized_lcs_similarity"),
            ("normalized-levenshtein", "normalized_levenshtein_similarity"),
        ]
        for (stem, function) in similarities {
            calls["\(stem)-similarity"] = Call(name: function, isDistance: false)
            calls["\(stem)-distance"] = Call(name: function, isDistance: true, isComplement: true)
        }
        return calls
    }()

    private mutating func fault(_ path: String, _ message: String) {
        faults.append(RuleSetFault(path: path, message: message))
    }
}

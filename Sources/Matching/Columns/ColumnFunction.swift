/// A function that conditions on columns may use, by the name that it has in SQL dialects or in rule files.
public enum ColumnFunction: String, CaseIterable, Sendable, Hashable {
    // Distances: the less, the more alike.
    case levenshtein
    case damerauLevenshtein = "damerau_levenshtein"
    case optimalStringAlignment = "optimal_string_alignment"
    case longestCommonSubsequence = "longest_common_subsequence"
    case metricLCS = "metric_lcs"
    case qgram
    case ngram
    // Similarities, 0...1.
    case jaroWinkler = "jaro_winkler_similarity"
    case jaro = "jaro_similarity"
    case jaccard
    case normalizedLevenshtein = "normalized_levenshtein_similarity"
    case normalizedLCS = "normalized_lcs_similarity"
    case longJaroWinkler = "long_jaro_winkler_similarity"
    case cosineShingles = "cosine_similarity"
    case diceShingles = "dice_similarity"
    case jaccardShingles = "jaccard_shingle_similarity"
    case dateDamerau = "date_damerau_similarity"
    case metaphone
    // Texts.
    case lower, upper, trim, length, substr, left, right
    // Numbers and dates.
    case abs
    case epoch
    case parsedDate = "try_strptime"
    // What is missing.
    case coalesce
    case nullif

    /// Other names of the same functions.
    private static let aliases: [String: ColumnFunction] = [
        "strptime": .parsedDate, "len": .length, "char_length": .length, "substring": .substr, "lcase": .lower,
        "ucase": .upper, "jaro_winkler": .jaroWinkler, "jaro_sim": .jaro, "damerau": .damerauLevenshtein,
        "editdist3": .damerauLevenshtein,
    ]

    /// Finds a function by name, upper or lower case.
    public init?(named name: String) {
        let name = name.lowercased()
        guard let function = ColumnFunction(rawValue: name) ?? ColumnFunction.aliases[name] else { return nil }
        self = function
    }

    /// How many arguments it takes.
    public var arity: ClosedRange<Int> {
        switch self {
        case .lower, .upper, .trim, .length, .abs, .epoch, .metaphone: 1...1
        case .substr: 2...3
        case .coalesce: 1...8
        default: 2...2
        }
    }

    func value(_ arguments: [ColumnExpression.Value]) -> ColumnExpression.Value {
        if self == .coalesce { return arguments.first { $0 != .missing } ?? .missing }
        if self == .nullif { return arguments[0] == arguments[1] ? .missing : arguments[0] }
        switch (arguments.first ?? .missing, arguments.count > 1 ? arguments[1] : .missing) {
        case (.number(let number), _) where self == .abs || self == .epoch:
            return .number(self == .abs ? Swift.abs(number) : number)
        case (.text(let first), .text(let second)): return compared(first, second)
        case (.text(let first), .number(let count)): return part(first, count, arguments)
        case (.text(let first), _): return single(first)
        default: return .missing
        }
    }

    private func single(_ text: String) -> ColumnExpression.Value {
        switch self {
        case .lower: .text(text.lowercased())
        case .upper: .text(text.uppercased())
        case .trim: .text(TextMeasures.trimmed(text))
        case .length: .number(Double(text.unicodeScalars.count))
        case .metaphone: .text(Metaphone.code(text))
        default: .missing
        }
    }

    /// Characters of a text, counted from 1.
    private func part(_ text: String, _ place: Double, _ arguments: [ColumnExpression.Value]) -> ColumnExpression.Value
    {
        guard place.magnitude < 1e6 else { return .missing }
        switch self {
        case .left: return .text(String(text.prefix(max(0, Int(place)))))
        case .right: return .text(String(text.suffix(max(0, Int(place)))))
        case .substr:
            let rest = text.dropFirst(max(0, Int(place) - 1))
            guard arguments.count > 2 else { return .text(String(rest)) }
            guard case .number(let count) = arguments[2], count.magnitude < 1e6 else { return .missing }
            return .text(String(rest.prefix(max(0, Int(count)))))
        default: return .missing
        }
    }

    private func compared(_ first: String, _ second: String) -> ColumnExpression.Value {
        let left = Array(first.utf8)
        let right = Array(second.utf8)
        switch self {
        case .parsedDate: return DateText.seconds(first, format: second).map { .number($0) } ?? .missing
        case .levenshtein: return .number(Double(TextMeasures.levenshtein(left, right)))
        case .damerauLevenshtein: return .number(Double(TextMeasures.damerau(left, right)))
        case .optimalStringAlignment: return .number(Double(TextMeasures.restrictedDamerau(left, right)))
        case .longestCommonSubsequence:
            return .number(Double(left.count + right.count - 2 * TextMeasures.commonSubsequence(left, right)))
        case .metricLCS: return .number(1 - TextMeasures.commonShare(left, right))
        case .normalizedLCS: return .number(TextMeasures.commonShare(left, right))
        case .qgram: return .number(TextMeasures.qgramDistance(left, right))
        case .ngram: return .number(TextMeasures.ngramDistance(left, right))
        case .jaro: return .number(TextMeasures.jaro(left, right))
        case .jaroWinkler: return .number(TextMeasures.jaroWinkler(left, right))
        case .longJaroWinkler: return .number(TextMeasures.longJaroWinkler(left, right))
        case .jaccard: return .number(TextMeasures.jaccard(Set(left), Set(right)))
        case .normalizedLevenshtein: return .number(TextMeasures.normalizedLevenshtein(left, right))
        case .cosineShingles: return .number(TextMeasures.shingles(left, right).cosine)
        case .diceShingles: return .number(TextMeasures.shingles(left, right).dice)
        case .jaccardShingles: return .number(TextMeasures.shingles(left, right).jaccard)
        case .dateDamerau: return DateText.agreement(first, second).map { .number($0) } ?? .missing
        default: return .missing
        }
    }
}

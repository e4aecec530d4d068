import JSON
import Matching

/// Walks a file of OpenCR rules and collects what cannot be carried over.
struct OpenCRReading {
    private(set) var columns = ColumnModel(columns: [:], prior: 0, comparisons: [], decisions: [])
    private(set) var blocking: [BlockingRule] = []
    private(set) var notes: [String] = []
    private(set) var faults: [RuleSetFault] = []

    /// What probabilistic scores are added to.
    private static let probabilisticBase = 100.0
    private static let ruleKeys: Set<String> = [
        "matchingType", "fields", "filters", "potentialMatchThreshold", "autoMatchThreshold", "null_handling",
        "null_handling_both", "nullHandling", "nullHandlingBothFields", "__comments", "_comment", "name", "id",
    ]

    mutating func read(_ json: JSONValue) {
        guard let rules = json["rules"]?.array, !rules.isEmpty else {
            let isOld = json["rules"]?.object != nil
            return fault(
                "rules",
                isOld
                    ? "an object of fields is the form of before 2020; OpenCR itself reads a list of rules only"
                    : "no decision rules: a list `rules` is expected"
            )
        }
        for (index, rule) in rules.enumerated() { self.rule(rule, number: index) }
        let kinds = Set(rules.compactMap { $0["matchingType"]?.string })
        if kinds.count > 1 {
            notes.append("scores of probabilistic rules start at 100: where both kinds match, those always win")
        }
        if blocking.isEmpty { blocking = OpenCRReading.usualBlocking }
    }

    private static let usualBlocking = [
        BlockingRule([.namePair, .birthYear]), BlockingRule([.birthDate, .anyInitial]), BlockingRule([.phone]),
        BlockingRule([.identifier]),
    ]

    private mutating func rule(_ json: JSONValue, number: Int) {
        let path = "rules[\(number)]"
        guard let members = json.object?.members else { return fault(path, "expected an object") }
        for member in members where !OpenCRReading.ruleKeys.contains(member.key) {
            fault("\(path).\(member.key)", "is not known in a rule")
        }
        let kind = json["matchingType"]?.string
        guard let kind, kind == "deterministic" || kind == "probabilistic" else {
            return fault("\(path).matchingType", "expected `deterministic` or `probabilistic`")
        }
        let isProbabilistic = kind == "probabilistic"
        let potential = threshold(json, "potentialMatchThreshold", path) ?? 0
        let automatic = threshold(json, "autoMatchThreshold", path) ?? 0
        if automatic < potential {
            notes.append("\(path): autoMatchThreshold lies below potentialMatchThreshold: nothing is ever potential")
        }
        if isProbabilistic, automatic < OpenCRReading.probabilisticBase {
            notes.append("\(path): thresholds below 100 lie below the base of every score: all pairs match")
        }
        var point = PointRule(
            name: "rule \(number + 1), \(kind)",
            base: isProbabilistic ? OpenCRReading.probabilisticBase : 0,
            filters: [],
            comparisons: [],
            potential: potential,
            automatic: automatic
        )
        guard let fields = json["fields"]?.object, !fields.members.isEmpty else {
            return fault("\(path).fields", "a rule needs at least one field")
        }
        let nulls = OpenCRNulls(json, outer: nil)
        for word in nulls.unknown { fault("\(path).null_handling", "`\(word)` is none of \(OpenCRNulls.words)") }
        if json["nullHandling"] != nil || json["nullHandlingBothFields"] != nil {
            notes.append("\(path): nullHandling is read as null_handling; OpenCR reads the latter only")
        }
        for field in fields.members {
            let place = "\(path).fields.\(field.key)"
            var reading = OpenCRField(
                name: field.key,
                json: field.value,
                isProbabilistic: isProbabilistic,
                nulls: nulls
            )
            guard let source = reading.source(), let comparison = reading.comparison() else {
                faults += reading.faults.map { RuleSetFault(path: place + $0.path, message: $0.message) }
                continue
            }
            faults += reading.faults.map { RuleSetFault(path: place + $0.path, message: $0.message) }
            notes += reading.notes.map { "\(place): \($0)" }
            columns.columns[reading.column] = source
            if reading.isFilter {
                point.filters.append(comparison.levels[0].when)
            } else {
                point.comparisons.append(comparison)
            }
            if let key = OpenCRReading.key(source) { addBlocking(key) }
        }
        for filter in json["filters"]?.object?.members ?? [] { self.filter(filter, path, &point) }
        if point.filters.isEmpty, !isProbabilistic {
            notes.append("\(path): without a filter OpenCR's search engine adds 1 to every score; here it does not")
        }
        columns.decisions?.append(point)
    }

    private mutating func filter(_ filter: JSONObject.Member, _ path: String, _ point: inout PointRule) {
        let place = "\(path).filters.\(filter.key)"
        var reading = OpenCRField(name: filter.key, json: filter.value, isProbabilistic: false, nulls: nil)
        guard let source = reading.source() else {
            faults += reading.faults.map { RuleSetFault(path: place + $0.path, message: $0.message) }
            return
        }
        let column = reading.column
        columns.columns[column] = source
        // A missing value equals a missing value only, as an empty search term does.
        point.filters.append("coalesce(\"\(column)_l\", '') = coalesce(\"\(column)_r\", '')")
    }

    private mutating func threshold(_ json: JSONValue, _ key: String, _ path: String) -> Double? {
        guard let value = json[key] else {
            fault("\(path).\(key)", "is missing: without it OpenCR returns nothing")
            return nil
        }
        guard let number = value.double, number.isFinite else {
            fault("\(path).\(key)", "expected a number")
            return nil
        }
        return number
    }

    /// A pair must agree in some field to gain points, so each field's key finds it.
    private mutating func addBlocking(_ key: KeyPart) {
        var rules = [BlockingRule([key])]
        if key == .birthDate { rules.append(BlockingRule([.defaultBirthDate])) }
        if key == .givenSound || key == .familySound {
            rules = [BlockingRule([.namePair]), BlockingRule([.anySound, .birthYear])]
        }
        for rule in rules where !blocking.contains(rule) && blocking.count < BlockingRule.ruleLimit {
            blocking.append(rule)
        }
    }

    private static func key(_ source: ColumnSource) -> KeyPart? {
        switch source.kind {
        case .givenName, .fullName: .givenSound
        case .familyName: .familySound
        case .birthDate: .birthDate
        case .identifier: .identifier
        case .phone: .phone
        case .email: .email
        default: nil
        }
    }

    private mutating func fault(_ path: String, _ message: String) {
        faults.append(RuleSetFault(path: path, message: message))
    }
}

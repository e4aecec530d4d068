import Identifiers
public import Matching
import Yams

/// A rule file as people read and write it: YAML with a format version, every key checked.
///
///     let rules = try RuleSetFile(yaml: text).compiled()
///     let standard = try RuleSetFile.standardRules()
public struct RuleSetFile: Sendable, Equatable {
    /// The newest file format this program reads; all from 1 on are read.
    public static let format = 5
    /// What rules with hot keys are written in, where nothing newer is said.
    static let hotKeyFormat = 4
    /// What rules without hot keys are written in.
    static let plainFormat = 3
    /// Longest accepted file in bytes: term frequencies of a nation fit, an attack does not.
    public static let byteLimit = 64 << 20
    /// Largest weight, prior or threshold in bits, either way.
    public static let bitLimit = 100.0

    /// Weights of one level in bits, by alternative.
    public typealias Weights = [String: Double]

    /// What people call the rules.
    public var name: String
    /// From here on, in bits, two records are one person.
    public var matchThreshold: Double
    /// From here on, in bits, a steward is asked.
    public var reviewThreshold: Double
    /// Postings read of one key before its block is cut.
    public var blockLimit: Int
    /// Names of the alternatives with their priors in bits, in the order of the file.
    public var alternatives: [(name: String, prior: Double)]
    /// Weights of every level that the file names; the others weigh nothing.
    public var levels: [ComparisonLevel: Weights]
    /// How candidates are found.
    public var blocking: [BlockingRule]
    /// What forbids to join persons; guards that the file does not name are off.
    public var guards: GuardRules
    /// Which kinds of identifier a person has one of.
    public var identifiers: IdentifierRules
    /// Rules that decide beside the weights, the first that fits first.
    public var decisions: [DecisionRule]
    /// A model of another system that scores in addition; `nil` where the file has none.
    public var columns: ColumnModel?
    /// How common names are, in bits; `nil` where the file does not say.
    public var frequencies: NameFrequencies?
    /// How the edges of several records become persons.
    public var linkage: Linkage
    /// Keys that no record gets.
    public var hotKeys: [UInt64]
    /// Whether new records are taken while keys cannot be searched.
    public var takesUnsearched: Bool

    /// Reads a rule file.
    ///
    /// - Throws: `RuleSetFaults` with everything that is wrong.
    public init(yaml: String) throws(RuleSetFaults) {
        guard yaml.utf8.count <= RuleSetFile.byteLimit else {
            throw RuleSetFaults([.init(path: "", message: "the file exceeds \(RuleSetFile.byteLimit) bytes")])
        }
        let root: Node?
        do {
            root = try Yams.compose(yaml: yaml)
        } catch {
            throw RuleSetFaults([.init(path: "", message: "no YAML: \(error)")])
        }
        var validation = RuleSetValidation()
        self.init(root, &validation)
        guard validation.faults.isEmpty else { throw RuleSetFaults(validation.faults) }
    }

    private static let topKeys = [
        "format", "name", "thresholds", "block_limit", "alternatives", "fields", "blocking",
    ]
    private static let optionalKeys = [
        "guards", "identifiers", "term_frequencies", "columns", "decisions", "persons", "hot_keys", "unsearched",
    ]

    private init(_ root: Node?, _ validation: inout RuleSetValidation) {
        name = ""
        matchThreshold = 0
        reviewThreshold = 0
        blockLimit = 0
        alternatives = []
        levels = [:]
        blocking = []
        guards = GuardRules()
        identifiers = .standard
        decisions = []
        linkage = .single
        hotKeys = []
        takesUnsearched = false
        let bits = -RuleSetFile.bitLimit...RuleSetFile.bitLimit
        let top = validation.entries(root, at: "", required: RuleSetFile.topKeys, optional: RuleSetFile.optionalKeys)
        func node(_ key: String) -> Node? { top.first { $0.key == key }?.value }
        if let format = node("format") {
            _ = validation.integer(format, at: "format", in: 1...RuleSetFile.format)
        }
        name = node("name")?.string ?? ""
        for (key, value) in validation.entries(node("thresholds"), at: "thresholds", required: ["match", "review"]) {
            let number = validation.number(value, at: "thresholds.\(key)", in: bits)
            if key == "match" { matchThreshold = number } else { reviewThreshold = number }
        }
        if reviewThreshold > matchThreshold {
            validation.fault("thresholds.review", "must not exceed `match`")
        }
        blockLimit = validation.integer(node("block_limit"), at: "block_limit", in: 1...1_000_000)
        readAlternatives(node("alternatives"), &validation)
        readFields(node("fields"), &validation)
        readBlocking(node("blocking"), &validation)
        readGuards(node("guards"), &validation)
        readPersons(node("persons"), &validation)
        readHotKeys(node("hot_keys"), &validation)
        readUnsearched(node("unsearched"), &validation)
        identifiers = IdentifierRules(node("identifiers"), at: "identifiers", &validation)
        decisions = node("decisions").map { DecisionRulesReading.read($0, &validation) } ?? []
        columns = node("columns").flatMap { ColumnRuleFile.read($0, &validation) }
        frequencies = node("term_frequencies").map {
            NameFrequencies($0, at: "term_frequencies", alternatives: alternatives.map(\.name), &validation)
        }
    }

    /// `persons: {absent: BITS, growth: ROWS}`: persons by average linkage, and what the sizes of groups add.
    private mutating func readPersons(_ node: Node?, _ validation: inout RuleSetValidation) {
        guard let node else { return }
        var absent = 0.0
        var growth: [[MatchWeight]] = []
        for (key, value) in validation.entries(node, at: "persons", required: ["absent"], optional: ["growth"]) {
            if key == "absent" {
                absent = validation.number(value, at: "persons.absent", in: 0...RuleSetFile.bitLimit)
            } else {
                growth = RuleSetFile.readGrowth(value, &validation)
            }
        }
        linkage = .average(absent: MatchWeight(bits: absent), growth: growth)
    }

    /// `hot_keys: [KEY, ...]`: keys that no record gets, 16 hexadecimal digits each.
    private mutating func readHotKeys(_ node: Node?, _ validation: inout RuleSetValidation) {
        guard let node else { return }
        guard let texts = node.sequence, texts.count <= RuleSet.hotKeyLimit else {
            validation.fault("hot_keys", "expected a list of at most \(RuleSet.hotKeyLimit) keys")
            return
        }
        for (index, text) in texts.enumerated() {
            guard let key = text.scalar.flatMap({ HotKey.key($0.string) }) else {
                validation.fault("hot_keys[\(index)]", "expected 16 hexadecimal digits")
                continue
            }
            hotKeys.append(key)
        }
    }

    /// `unsearched: accept | refuse`: what becomes of new records while keys cannot be searched.
    private mutating func readUnsearched(_ node: Node?, _ validation: inout RuleSetValidation) {
        guard let node else { return }
        switch node.scalar?.string {
        case "accept": takesUnsearched = true
        case "refuse": takesUnsearched = false
        default: validation.fault("unsearched", "expected accept or refuse")
        }
    }

    /// Row after row, each one longer than the one before.
    private static func readGrowth(_ node: Node, _ validation: inout RuleSetValidation) -> [[MatchWeight]] {
        let path = "persons.growth"
        guard let rows = node.sequence, rows.count <= Linkage.growthLimit,
            rows.enumerated().allSatisfy({ $1.sequence?.count == $0 + 1 })
        else {
            validation.fault(path, "expected up to \(Linkage.growthLimit) rows: one weight, then two, then three, …")
            return []
        }
        let bits = -RuleSetFile.bitLimit...RuleSetFile.bitLimit
        return rows.enumerated().map { index, row in
            (row.sequence ?? []).map { MatchWeight(bits: validation.number($0, at: "\(path)[\(index)]", in: bits)) }
        }
    }

    private mutating func readAlternatives(_ node: Node?, _ validation: inout RuleSetValidation) {
        let bits = -RuleSetFile.bitLimit...RuleSetFile.bitLimit
        let entries = validation.entries(node, at: "alternatives", known: [])
        if node != nil, !(1...RuleSet.alternativeLimit).contains(entries.count) {
            validation.fault("alternatives", "one to \(RuleSet.alternativeLimit) are allowed, not \(entries.count)")
        }
        for (key, value) in entries {
            let path = "alternatives.\(key)"
            for (_, prior) in validation.entries(value, at: path, required: ["prior"]) {
                alternatives.append((key, validation.number(prior, at: "\(path).prior", in: bits)))
            }
        }
    }

    private mutating func readFields(_ node: Node?, _ validation: inout RuleSetValidation) {
        let bits = -RuleSetFile.bitLimit...RuleSetFile.bitLimit
        let names = alternatives.map(\.name)
        for (fieldKey, fieldNode) in validation.entries(node, at: "fields", known: MatchField.allCases.map(\.name)) {
            guard let field = MatchField.allCases.first(where: { $0.name == fieldKey }) else { continue }
            let path = "fields.\(fieldKey)"
            for (levelKey, levelNode) in validation.entries(fieldNode, at: path, known: field.levels.map(\.name)) {
                guard let level = field.levels.first(where: { $0.name == levelKey }) else { continue }
                var weights = Weights()
                for (key, value) in validation.entries(levelNode, at: "\(path).\(levelKey)", required: names) {
                    weights[key] = validation.number(value, at: "\(path).\(levelKey).\(key)", in: bits)
                }
                levels[level] = weights
            }
        }
    }

    private mutating func readBlocking(_ node: Node?, _ validation: inout RuleSetValidation) {
        guard let node else { return }
        guard let sequence = node.sequence, (1...BlockingRule.ruleLimit).contains(sequence.count) else {
            validation.fault("blocking", "expected 1 to \(BlockingRule.ruleLimit) rules, one `- [part, part]` a line")
            return
        }
        for (index, ruleNode) in sequence.enumerated() {
            let path = "blocking[\(index)]"
            guard let partNodes = ruleNode.sequence, (1...BlockingRule.partLimit).contains(partNodes.count) else {
                validation.fault(path, "expected a list of 1 to \(BlockingRule.partLimit) parts")
                continue
            }
            var parts = [KeyPart]()
            for partNode in partNodes {
                let text = partNode.string ?? ""
                if let part = KeyPart(rawValue: text) {
                    parts.append(part)
                } else {
                    let near = RuleSetValidation.nearest(to: text, in: KeyPart.allCases.map(\.rawValue))
                    validation.fault(path, "`\(text)` is no key part; did you mean `\(near)`?")
                }
            }
            blocking.append(BlockingRule(parts))
        }
    }

    private mutating func readGuards(_ node: Node?, _ validation: inout RuleSetValidation) {
        for (key, value) in validation.entries(node, at: "guards", known: GuardRules.all.map(\.name)) {
            guard let path = GuardRules.all.first(where: { $0.name == key })?.guard else { continue }
            switch value.string {
            case "off": guards[keyPath: path] = .off
            case "always": guards[keyPath: path] = .always
            default:
                guard value.float != nil || value.int != nil else {
                    validation.fault("guards.\(key)", "expected `off`, `always`, or bits beyond the match threshold")
                    continue
                }
                let bits = validation.number(value, at: "guards.\(key)", in: 0...RuleSetFile.bitLimit)
                guards[keyPath: path] = .unless(margin: MatchWeight(bits: bits))
            }
        }
    }

    /// The compiled form that keys and scores.
    ///
    /// - Throws: `RuleSetError` where the values pass a limit of the compiled form.
    public func compiled() throws(RuleSetError) -> RuleSet {
        var compiled = [Alternative]()
        for alternative in alternatives {
            var weights = [Int32](repeating: 0, count: ComparisonLevel.tableLength)
            for level in ComparisonLevel.allCases {
                guard let bits = levels[level]?[alternative.name] else { continue }
                weights[Int(level.rawValue)] = MatchWeight(bits: bits).millibits
            }
            compiled.append(
                Alternative(
                    name: alternative.name,
                    prior: MatchWeight(bits: alternative.prior).millibits,
                    weights: weights
                )
            )
        }
        return try RuleSet(
            name: name,
            matchThreshold: MatchWeight(bits: matchThreshold),
            reviewThreshold: MatchWeight(bits: reviewThreshold),
            blockLimit: blockLimit,
            alternatives: compiled,
            blocking: blocking,
            guards: guards,
            frequencies: frequencies?.compiled,
            identifiers: identifiers,
            columns: columns,
            decisions: decisions,
            linkage: linkage,
            hotKeys: hotKeys,
            takesUnsearched: takesUnsearched
        )
    }

    /// Equal content.
    public static func == (left: RuleSetFile, right: RuleSetFile) -> Bool {
        left.name == right.name && left.matchThreshold == right.matchThreshold
            && left.reviewThreshold == right.reviewThreshold && left.blockLimit == right.blockLimit
            && left.alternatives.elementsEqual(right.alternatives) { $0 == $1 }
            && left.levels == right.levels && left.blocking == right.blocking && left.guards == right.guards
            && left.frequencies == right.frequencies && left.identifiers == right.identifiers
            && left.columns == right.columns && left.decisions == right.decisions
            && left.linkage == right.linkage && left.hotKeys == right.hotKeys
            && left.takesUnsearched == right.takesUnsearched
    }
}

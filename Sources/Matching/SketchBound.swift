import Identifiers

/// What a sketch alone allows: the best level still possible in each field, summed for each alternative.
///
/// Every part is a maximum over a superset of the levels the true comparison could give, so the bound holds; a
/// property test sets it against the true score.
struct SketchBound {
    /// Bits of the letter sets that one close pair of words may differ in: two edits, two letters each.
    static let closeBits = 4

    private struct Table {
        /// Prior and best of all fields that the sketch does not show.
        var base: Int32 = 0
        var givenAny: Int32 = 0
        var givenUnequal: Int32 = 0
        var familyAny: Int32 = 0
        var familyUnequal: Int32 = 0
        var identifierAny: Int32 = 0
        var identifierUnequal: Int32 = 0
        var phoneAny: Int32 = 0
        var phoneUnequal: Int32 = 0
        var sexSame: Int32 = 0
        var sexDifferent: Int32 = 0
        var dateBest: Int32 = 0
        var dates = InlineArray<64, Int32>(repeating: 0)
    }

    private let sketch: Sketch
    private let count: Int
    private var tables = InlineArray<4, Table>(repeating: Table())

    init(_ sketch: Sketch, view: FeatureView, rules: RuleSet) {
        self.sketch = sketch
        count = rules.alternatives.count
        for (index, alternative) in rules.alternatives.enumerated() {
            tables[index] = SketchBound.table(alternative, view)
        }
    }

    @inline(__always)
    func weight(_ other: Sketch) -> MatchWeight {
        let date = DateAgreement.level(sketch.date, other.date)
        let dateHidden = sketch.date == 0 || other.date == 0
        let sexes = sketch.sex &- 1 < 2 && other.sex &- 1 < 2
        let names = sketch.given != 0 && sketch.family != 0 && other.given != 0 && other.family != 0
        let givenUnequal = names && sketch.given != other.given
        let familyUnequal = names && sketch.family != other.family
        let identifierUnequal = sketch.identifier != 0 && other.identifier != 0 && sketch.identifier != other.identifier
        let phoneUnequal = sketch.phone != 0 && other.phone != 0 && sketch.phone != other.phone
        var lowest = Int32.max
        var index = 0
        while index < count {
            var sum = tables[index].base
            sum &+= dateHidden ? tables[index].dateBest : date.map { tables[index].dates[Int($0.rawValue)] } ?? 0
            if sexes { sum &+= sketch.sex == other.sex ? tables[index].sexSame : tables[index].sexDifferent }
            sum &+= givenUnequal ? tables[index].givenUnequal : tables[index].givenAny
            sum &+= familyUnequal ? tables[index].familyUnequal : tables[index].familyAny
            sum &+= identifierUnequal ? tables[index].identifierUnequal : tables[index].identifierAny
            sum &+= phoneUnequal ? tables[index].phoneUnequal : tables[index].phoneAny
            lowest = min(lowest, sum)
            index &+= 1
        }
        return MatchWeight(millibits: lowest)
    }

    private static func table(_ alternative: Alternative, _ view: FeatureView) -> Table {
        func best(_ field: MatchField, without excluded: [ComparisonLevel] = []) -> Int32 {
            var best: Int32 = 0
            for level in field.levels where !excluded.contains(level) {
                best = max(best, alternative.weights[Int(level.rawValue)])
            }
            return best
        }
        func has(_ tags: [FeatureTag]) -> Bool {
            tags.contains { tag in (0..<4).contains { view.count(tag, $0) > 0 } }
        }
        let named = has([.given, .middle, .family])
        var table = Table()
        table.base = alternative.prior
        if has([.middle]) { table.base += best(.middleName) }
        if has([.emailLocal]) { table.base += best(.email) }
        if has([.street]) { table.base += best(.address) }
        if has([.city, .district, .postal]) { table.base += best(.place) }
        if has([.mother]) { table.base += best(.mother) }
        table.givenAny = named ? best(.givenName) : 0
        table.givenUnequal = named ? best(.givenName, without: [.givenExact]) : 0
        table.familyAny = named ? best(.familyName) : 0
        table.familyUnequal = named ? best(.familyName, without: [.familyExact]) : 0
        table.identifierAny = has([.identifier]) ? best(.identifier) : 0
        table.identifierUnequal = has([.identifier]) ? best(.identifier, without: [.identifierExact]) : 0
        table.phoneAny = has([.phone]) ? best(.phone) : 0
        table.phoneUnequal = has([.phone]) ? best(.phone, without: [.phoneExact]) : 0
        table.sexSame = alternative.weights[Int(ComparisonLevel.sexSame.rawValue)]
        table.sexDifferent = alternative.weights[Int(ComparisonLevel.sexDifferent.rawValue)]
        table.dateBest = view.date == 0 ? 0 : best(.birthDate)
        for level in MatchField.birthDate.levels {
            table.dates[Int(level.rawValue)] = alternative.weights[Int(level.rawValue)]
        }
        return table
    }
}

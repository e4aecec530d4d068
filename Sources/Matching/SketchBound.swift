import Identifiers

/// What a sketch alone allows: the best level still possible in each field, summed for each alternative.
///
/// Every part is a maximum over a superset of the levels the true comparison could give, so the bound holds; a
/// property test sets it against the true score.
struct SketchBound {
    /// The weights that the query's own fields leave to ask for.
    private struct Table {
        /// Prior and best of all fields that the sketch does not show.
        var base: Int32 = 0
        var given: Int32 = 0
        var givenUnequal: Int32 = 0
        var family: Int32 = 0
        var familyUnequal: Int32 = 0
        var identifier: Int32 = 0
        var identifierUnequal: Int32 = 0
        var phone: Int32 = 0
        var phoneUnequal: Int32 = 0
        var sexSame: Int32 = 0
        var sexDifferent: Int32 = 0
        var date: Int32 = 0
        var dates = InlineArray<16, Int32>(repeating: 0)
    }

    private static let firstDate = Int(ComparisonLevel.dateExact.rawValue)

    private let sketch: Sketch
    private let count: Int
    private var tables = InlineArray<4, Table>(repeating: Table())

    init(_ sketch: Sketch, view: borrowing FeatureView, tables source: [CompiledWeights.Table]) {
        self.sketch = sketch
        count = source.count
        for index in source.indices { tables[index] = SketchBound.table(source[index], view) }
    }

    @inline(__always)
    func weight(_ other: Sketch) -> MatchWeight {
        let date = DateAgreement.level(sketch.date, other.date)
        let dateHidden = sketch.date == 0 || other.date == 0
        let dateIndex = date.map { Int($0.rawValue) &- SketchBound.firstDate } ?? -1
        let sexes = sketch.sex &- 1 < 2 && other.sex &- 1 < 2
        let names = sketch.given != 0 && sketch.family != 0 && other.given != 0 && other.family != 0
        let givenUnequal = names && sketch.given != other.given
        let familyUnequal = names && sketch.family != other.family
        let identifierAbsent = other.identifier == 0
        let identifierUnequal = Sketch.differ(sketch.identifier, other.identifier, several: Sketch.severalIdentifiers)
        let phoneAbsent = other.phone == 0
        let phoneUnequal = Sketch.differ(sketch.phone, other.phone, several: Sketch.severalPhones)
        var lowest = Int32.max
        var index = 0
        while index < count {
            var sum = tables[index].base
            if dateHidden {
                sum &+= tables[index].date
            } else if dateIndex >= 0 {
                sum &+= tables[index].dates[dateIndex]
            }
            if sexes { sum &+= sketch.sex == other.sex ? tables[index].sexSame : tables[index].sexDifferent }
            sum &+= givenUnequal ? tables[index].givenUnequal : tables[index].given
            sum &+= familyUnequal ? tables[index].familyUnequal : tables[index].family
            if !identifierAbsent {
                sum &+= identifierUnequal ? tables[index].identifierUnequal : tables[index].identifier
            }
            if !phoneAbsent { sum &+= phoneUnequal ? tables[index].phoneUnequal : tables[index].phone }
            lowest = min(lowest, sum)
            index &+= 1
        }
        return MatchWeight(millibits: lowest)
    }

    private static func table(_ source: CompiledWeights.Table, _ view: borrowing FeatureView) -> Table {
        func best(_ field: MatchField) -> Int32 { source.best[Int(field.rawValue)] }
        func bestUnequal(_ field: MatchField) -> Int32 { source.bestUnequal[Int(field.rawValue)] }
        var table = Table()
        table.base = source.prior
        if view.has(.middle) { table.base &+= best(.middleName) }
        if view.has(.emailLocal) { table.base &+= best(.email) }
        if view.has(.street) { table.base &+= best(.address) }
        if view.hasPlace { table.base &+= best(.place) }
        if view.count(.mother) > 0 { table.base &+= best(.mother) }
        if view.nameCount > 0 {
            table.given = best(.givenName)
            table.givenUnequal = bestUnequal(.givenName)
            table.family = best(.familyName)
            table.familyUnequal = bestUnequal(.familyName)
        }
        if view.has(.identifier) {
            table.identifier = best(.identifier)
            table.identifierUnequal = bestUnequal(.identifier)
        }
        if view.has(.phone) {
            table.phone = best(.phone)
            table.phoneUnequal = bestUnequal(.phone)
        }
        table.sexSame = source.levels[Int(ComparisonLevel.sexSame.rawValue)]
        table.sexDifferent = source.levels[Int(ComparisonLevel.sexDifferent.rawValue)]
        if view.date != 0 { table.date = best(.birthDate) }
        for level in firstDate...Int(ComparisonLevel.dateDifferent.rawValue) {
            table.dates[level &- firstDate] = source.levels[level]
        }
        return table
    }
}

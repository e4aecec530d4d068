import Identifiers

/// What a sketch alone allows: the best level still possible in each field, summed for each alternative.
///
/// Every part is a maximum over a superset of the levels the true comparison could give, so the bound holds; a
/// property test sets it against the true score.
struct SketchBound {
    /// One weight for each alternative; the lanes that no alternative takes are `unused` throughout.
    private typealias Lanes = SIMD4<Int32>

    /// Above any sum of weights and far from overflow.
    private static let unused: Int32 = 1 << 30

    /// The weights that the query's own fields leave to ask for.
    ///
    /// Fields by alternatives and not the other way round: a sum for all alternatives is one addition, and what is not
    /// asked for is not copied.
    private struct Table {
        /// Prior and best of all fields that the sketch does not show.
        var base = Lanes(repeating: SketchBound.unused)
        var given = Lanes()
        var givenUnequal = Lanes()
        var family = Lanes()
        var familyUnequal = Lanes()
        var identifier = Lanes()
        var identifierUnequal = Lanes()
        var phone = Lanes()
        var phoneUnequal = Lanes()
        var sexSame = Lanes()
        var sexDifferent = Lanes()
        var date = Lanes()
    }

    private static let firstDate = Int(ComparisonLevel.dateExact.rawValue)

    private let sketch: Sketch
    private var table = Table()
    /// By level of agreement, from `firstDate` on.
    private var dates: [Lanes]

    init(_ sketch: Sketch, view: borrowing FeatureView, tables source: [CompiledWeights.Table]) {
        self.sketch = sketch
        let last = Int(ComparisonLevel.dateDifferent.rawValue)
        dates = [Lanes](repeating: Lanes(), count: last - SketchBound.firstDate + 1)
        for index in source.indices {
            fill(index, source[index], view)
            for level in SketchBound.firstDate...last {
                dates[level - SketchBound.firstDate][index] = source[index].levels[level]
            }
        }
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
        var sum = table.base
        if dateHidden {
            sum &+= table.date
        } else if dateIndex >= 0 {
            sum &+= dates[dateIndex]
        }
        if sexes { sum &+= sketch.sex == other.sex ? table.sexSame : table.sexDifferent }
        sum &+= givenUnequal ? table.givenUnequal : table.given
        sum &+= familyUnequal ? table.familyUnequal : table.family
        if !identifierAbsent { sum &+= identifierUnequal ? table.identifierUnequal : table.identifier }
        if !phoneAbsent { sum &+= phoneUnequal ? table.phoneUnequal : table.phone }
        return MatchWeight(millibits: sum.min())
    }

    private mutating func fill(_ index: Int, _ source: CompiledWeights.Table, _ view: borrowing FeatureView) {
        func best(_ field: MatchField) -> Int32 { source.best[Int(field.rawValue)] }
        func bestUnequal(_ field: MatchField) -> Int32 { source.bestUnequal[Int(field.rawValue)] }
        table.base[index] = source.prior
        if view.has(.middle) { table.base[index] &+= best(.middleName) }
        if view.has(.emailLocal) { table.base[index] &+= best(.email) }
        if view.has(.street) { table.base[index] &+= best(.address) }
        if view.hasPlace { table.base[index] &+= best(.place) }
        if view.count(.mother) > 0 { table.base[index] &+= best(.mother) }
        if view.nameCount > 0 {
            table.given[index] = best(.givenName)
            table.givenUnequal[index] = bestUnequal(.givenName)
            table.family[index] = best(.familyName)
            table.familyUnequal[index] = bestUnequal(.familyName)
        }
        if view.has(.identifier) {
            table.identifier[index] = best(.identifier)
            table.identifierUnequal[index] = bestUnequal(.identifier)
        }
        if view.has(.phone) {
            table.phone[index] = best(.phone)
            table.phoneUnequal[index] = bestUnequal(.phone)
        }
        table.sexSame[index] = source.levels[Int(ComparisonLevel.sexSame.rawValue)]
        table.sexDifferent[index] = source.levels[Int(ComparisonLevel.sexDifferent.rawValue)]
        if view.date != 0 { table.date[index] = best(.birthDate) }
    }
}

import Identifiers

/// What a sketch alone allows: the best level still possible in each field, summed for each alternative.
///
/// Every part is a maximum over a superset of the levels the true comparison could give, so the bound holds; a
/// property test sets it against the true score.
struct SketchBound {
    /// One weight for each alternative; the lanes that no alternative takes are `unused` throughout.
    typealias Lanes = SIMD4<Int32>

    /// Above any sum of weights and far from overflow.
    private static let unused: Int32 = 1 << 29

    /// The weights that the query's own fields leave to ask for; 0 where the query lacks the field.
    ///
    /// Fields by alternatives and not the other way round: a sum for all alternatives is one addition, and what is not
    /// asked for is not copied.
    private struct Table {
        var prior = Lanes(repeating: SketchBound.unused)
        /// Given and family name together, where they are not compared.
        var names = Lanes()
        var middle = Lanes()
        var identifier = Lanes()
        var identifierUnequal = Lanes()
        var phone = Lanes()
        var email = Lanes()
        var street = Lanes()
        var place = Lanes()
        var mother = Lanes()
        var sexSame = Lanes()
        var sexDifferent = Lanes()
        var date = Lanes()
    }

    private static let firstDate = Int(ComparisonLevel.dateExact.rawValue)

    private let sketch: Sketch
    private let names: NameBound?
    private var table = Table()
    /// By level of agreement, from `firstDate` on.
    private var dates: [Lanes]

    init(_ sketch: Sketch, view: borrowing FeatureView, tables source: [CompiledWeights.Table]) {
        self.sketch = sketch
        names = NameBound(sketch, view: view, tables: source)
        let last = Int(ComparisonLevel.dateDifferent.rawValue)
        dates = [Lanes](repeating: Lanes(), count: last - SketchBound.firstDate + 1)
        for index in source.indices {
            fill(index, source[index], view)
            for level in SketchBound.firstDate...last {
                dates[level - SketchBound.firstDate][index] = source[index].levels[level]
            }
        }
    }

    /// The bound.
    ///
    /// - Parameters:
    ///   - other: the candidate's sketch.
    ///   - patterns: the query's prepared texts.
    /// - Returns: a weight that the score of the pair cannot exceed.
    @inline(__always)
    func weight(_ other: Sketch, _ patterns: UnsafePointer<UInt32>) -> MatchWeight {
        var sum = table.prior
        if sketch.date == 0 || other.date == 0 {
            sum &+= table.date
        } else if let date = DateAgreement.level(sketch.date, other.date) {
            sum &+= dates[Int(date.rawValue) &- SketchBound.firstDate]
        }
        if sketch.sex &- 1 < 2, other.sex &- 1 < 2 {
            sum &+= sketch.sex == other.sex ? table.sexSame : table.sexDifferent
        }
        if other.hasIdentifier {
            sum &+= sketch.identifierDiffers(other) ? table.identifierUnequal : table.identifier
        }
        if other.hasPhone { sum &+= table.phone }
        if other.hasEmail { sum &+= table.email }
        if other.hasStreet { sum &+= table.street }
        if other.hasPlace { sum &+= table.place }
        if other.hasMother { sum &+= table.mother }
        if other.middle != 0 { sum &+= table.middle }
        sum &+= names?.most(other, patterns) ?? table.names
        return MatchWeight(millibits: sum.min())
    }

    private mutating func fill(_ index: Int, _ source: CompiledWeights.Table, _ view: borrowing FeatureView) {
        func best(_ field: MatchField) -> Int32 { source.best[Int(field.rawValue)] }
        // A sketch does not say where a record is from: the more favourable of both is possible.
        table.prior[index] = source.prior &+ (view.source == 0 ? 0 : best(.source))
        if view.nameCount > 0 { table.names[index] = best(.givenName) &+ best(.familyName) }
        if view.has(.middle) { table.middle[index] = best(.middleName) }
        if view.has(.identifier) {
            table.identifier[index] = best(.identifier)
            table.identifierUnequal[index] = source.bestUnequal[Int(MatchField.identifier.rawValue)]
        }
        if view.has(.phone) { table.phone[index] = best(.phone) }
        if view.has(.emailLocal) { table.email[index] = best(.email) }
        if view.has(.street) { table.street[index] = best(.address) }
        if view.hasPlace { table.place[index] = best(.place) }
        if view.count(.mother) > 0 { table.mother[index] = best(.mother) }
        table.sexSame[index] = source.levels[Int(ComparisonLevel.sexSame.rawValue)]
        table.sexDifferent[index] = source.levels[Int(ComparisonLevel.sexDifferent.rawValue)]
        if view.date != 0 { table.date[index] = best(.birthDate) }
    }
}

import Identifiers

/// What a sketch alone allows: the best level still possible in each field, summed for each alternative.
///
/// Every part is a maximum over a superset of the levels the true comparison could give, so the bound holds; a
/// property test sets it against the true score.
struct SketchBound {
    typealias Lanes = WeightLanes.Lanes

    /// The weights that the query's own fields leave to ask for; 0 where the query lacks the field.
    ///
    /// Fields by alternatives and not the other way round: a sum for all alternatives is one addition, and what is not
    /// asked for is not copied.
    private struct Table {
        var prior = Lanes()
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

    private let sketch: Sketch
    private let names: NameBound?
    private let hasPlace: Bool
    private let table: Table
    /// The most that given and family name can add, whatever the candidate's are.
    private let highestNames: Lanes

    init(_ sketch: Sketch, view: borrowing FeatureView, lanes: borrowing WeightLanes, adjustments: NameAdjustments) {
        self.sketch = sketch
        let names = NameBound(sketch, view: view, lanes: lanes.names, adjustments: adjustments)
        let table = SketchBound.table(lanes, view)
        self.names = names
        self.table = table
        hasPlace = view.hasPlace
        highestNames = names.map { pointwiseMax($0.highest, table.names) } ?? table.names
    }

    /// The bound.
    ///
    /// - Parameters:
    ///   - other: the candidate's sketch.
    ///   - levels: the weights of each level, by raw value.
    ///   - patterns: the query's prepared texts.
    /// - Returns: a weight that the score of the pair cannot exceed.
    @inline(__always)
    func weight(
        _ other: Sketch,
        _ levels: UnsafePointer<Lanes>,
        _ patterns: PatternTable.Tables
    ) -> MatchWeight {
        let sum = butNames(other, levels) &+ (names?.most(other, patterns) ?? table.names)
        return MatchWeight(millibits: sum.min())
    }

    /// Whether the bound is at least a floor; names come last, since they cost the most.
    ///
    /// - Parameters:
    ///   - floor: the least weight of interest, in millibits.
    ///   - other: the candidate's sketch.
    ///   - levels: the weights of each level, by raw value.
    ///   - patterns: the query's prepared texts.
    /// - Returns: false where the score of the pair is below the floor.
    @inline(__always)
    func reaches(
        _ floor: Int32,
        _ other: Sketch,
        _ levels: UnsafePointer<Lanes>,
        _ patterns: PatternTable.Tables
    ) -> Bool {
        let sum = butNames(other, levels)
        if (sum &+ highestNames).min() < floor { return false }
        return names?.reaches(floor, sum, other, patterns) ?? ((sum &+ table.names).min() >= floor)
    }

    /// What all but given and family name can add.
    @inline(__always)
    private func butNames(_ other: Sketch, _ levels: UnsafePointer<Lanes>) -> Lanes {
        var sum = told(other, levels)
        if other.hasIdentifier {
            sum &+= sketch.identifierDiffers(other) ? table.identifierUnequal : table.identifier
        }
        if other.hasPhone { sum &+= table.phone }
        if other.hasStreet { sum &+= table.street }
        if other.hasPlace { sum &+= table.place }
        if other.hasMother { sum &+= table.mother }
        if other.middle != 0 { sum &+= table.middle }
        return sum
    }

    /// Whether a pair can weigh a floor, asked of the sketch and a digest of what it leaves out; names come last, since
    /// they cost the most.
    ///
    /// - Parameters:
    ///   - floor: the least weight of interest, in millibits.
    ///   - other: the candidate's sketch.
    ///   - digest: the candidate's digest.
    ///   - fields: the query's digest, ready to be compared.
    ///   - levels: the weights of each level, by raw value.
    ///   - patterns: the query's prepared texts.
    /// - Returns: false where the score of the pair is below the floor.
    @inline(__always)
    func reaches(
        _ floor: Int32,
        _ other: Sketch,
        _ digest: FieldDigest,
        _ fields: FieldBound,
        _ levels: UnsafePointer<Lanes>,
        _ patterns: PatternTable.Tables
    ) -> Bool {
        let sum = told(other, levels) &+ fields.most(digest, levels, hasPlace: hasPlace && other.hasPlace)
        guard (sum &+ table.names).min() >= floor else { return false }
        return names?.reaches(floor, sum, other, patterns) ?? true
    }

    /// What the sketches tell of birth date and sex, and the most of an e-mail address.
    @inline(__always)
    private func told(_ other: Sketch, _ levels: UnsafePointer<Lanes>) -> Lanes {
        var sum = table.prior
        if sketch.date == 0 || other.date == 0 {
            sum &+= table.date
        } else if let date = DateAgreement.level(sketch.date, other.date) {
            sum &+= levels[Int(date.rawValue)]
        }
        if sketch.sex &- 1 < 2, other.sex &- 1 < 2 {
            sum &+= sketch.sex == other.sex ? table.sexSame : table.sexDifferent
        }
        if other.hasEmail { sum &+= table.email }
        return sum
    }

    private static func table(_ lanes: borrowing WeightLanes, _ view: borrowing FeatureView) -> Table {
        var table = Table()
        // A sketch does not say where a record is from: the more favourable of both is possible.
        table.prior = view.source == 0 ? lanes.prior : lanes.prior &+ lanes.best(.source)
        if view.nameCount > 0 { table.names = lanes.best(.givenName) &+ lanes.best(.familyName) }
        if view.has(.middle) { table.middle = lanes.best(.middleName) }
        if view.has(.identifier) {
            table.identifier = lanes.best(.identifier)
            table.identifierUnequal = lanes.bestUnequal[Int(MatchField.identifier.rawValue)]
        }
        if view.has(.phone) { table.phone = lanes.best(.phone) }
        if view.has(.emailLocal) { table.email = lanes.best(.email) }
        if view.has(.street) { table.street = lanes.best(.address) }
        if view.hasPlace { table.place = lanes.best(.place) }
        if view.count(.mother) > 0 { table.mother = lanes.best(.mother) }
        table.sexSame = lanes.levels[Int(ComparisonLevel.sexSame.rawValue)]
        table.sexDifferent = lanes.levels[Int(ComparisonLevel.sexDifferent.rawValue)]
        if view.date != 0 { table.date = lanes.best(.birthDate) }
        return table
    }
}

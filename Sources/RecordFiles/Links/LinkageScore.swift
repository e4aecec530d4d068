/// How well persons that were found agree with the truth: pairwise and B-cubed precision, recall and F1.
///
/// N records, entity classes *e* of the truth, clusters *g* of the prediction, n(e,g) the records in both.
///
/// - Pairwise: TP = Σ C(n(e,g),2), precision = TP / Σ C(|g|,2), recall = TP / Σ C(|e|,2). Without a predicted pair the
///   precision is 1, without a true pair the recall is 1.
/// - B-cubed (Bagga and Baldwin 1998): precision = 1/N Σ n(e,g)²/|g|, recall = 1/N Σ n(e,g)²/|e|.
///
/// A record that the prediction does not name is a cluster of its own; one that the truth does not name is left out.
public struct LinkageScore: Sendable, Hashable {
    /// Why two lists of records cannot be compared.
    public enum Fault: Error, Sendable, Hashable, CustomStringConvertible {
        /// The truth holds no record.
        case noRecords
        /// A record occurs twice in the truth.
        case twiceInTruth(recordID: String)
        /// A record occurs twice in the prediction.
        case twiceInPrediction(recordID: String)

        /// What is wrong, in one line.
        public var description: String {
            switch self {
            case .noRecords: "the truth holds no records"
            case .twiceInTruth(let recordID): "record \(recordID) occurs twice in the truth"
            case .twiceInPrediction(let recordID): "record \(recordID) occurs twice in the prediction"
            }
        }
    }

    /// The cluster that mixes the most entities.
    public struct FalseMerge: Sendable, Hashable {
        /// What the prediction calls the cluster.
        public let label: String
        /// Entities in it.
        public let entities: Int
        /// Records in it.
        public let records: Int

        /// A cluster that mixes entities.
        public init(label: String, entities: Int, records: Int) {
            self.label = label
            self.entities = entities
            self.records = records
        }
    }

    /// Records of the truth.
    public let records: Int
    /// Entities of the truth.
    public let entities: Int
    /// Clusters of the prediction, records that it does not name counted as one each.
    public let clusters: Int
    /// Pairs of records of one entity.
    public let truePairs: Int
    /// Pairs of records in one cluster.
    public let predictedPairs: Int
    /// Pairs in one cluster that are of one entity.
    public let truePositives: Int
    /// B-cubed precision.
    public let bCubedPrecision: Double
    /// B-cubed recall.
    public let bCubedRecall: Double
    /// Clusters that are exactly one whole entity.
    public let exactClusters: Int
    /// Clusters that hold records of more than one entity.
    public let overmergedClusters: Int
    /// Entities whose records lie in more than one cluster.
    public let splitEntities: Int
    /// Clusters of one record.
    public let singletonClusters: Int
    /// Records in the largest entity.
    public let largestEntity: Int
    /// Records in the largest cluster.
    public let largestCluster: Int
    /// The worst cluster, when any cluster mixes entities.
    public let biggestFalseMerge: FalseMerge?
    /// Records of the truth that the prediction does not name.
    public let missingInPrediction: Int
    /// Records of the prediction that the truth does not name.
    public let unknownInPrediction: Int

    /// Pairs in one cluster that are not of one entity.
    public var falsePositives: Int { predictedPairs - truePositives }
    /// Pairs of one entity that are not in one cluster.
    public var falseNegatives: Int { truePairs - truePositives }
    /// Pairwise precision.
    public var precision: Double { predictedPairs == 0 ? 1 : Double(truePositives) / Double(predictedPairs) }
    /// Pairwise recall.
    public var recall: Double { truePairs == 0 ? 1 : Double(truePositives) / Double(truePairs) }
    /// Pairwise F1.
    public var f1: Double { Self.harmonic(precision, recall) }
    /// B-cubed F1.
    public var bCubedF1: Double { Self.harmonic(bCubedPrecision, bCubedRecall) }

    private static func harmonic(_ first: Double, _ second: Double) -> Double {
        first + second == 0 ? 0 : 2 * first * second / (first + second)
    }

    /// Compares a prediction with the truth.
    ///
    /// - Throws: `Fault` when a record occurs twice or there is none.
    public init(truth: LabelledRecords, prediction: LabelledRecords) throws(Fault) {
        let classes = try RecordClasses(truth: truth, prediction: prediction)
        let cells = classes.cells
        records = classes.entity.count
        entities = classes.entitySizes.count
        clusters = classes.clusterSizes.count
        truePairs = classes.entitySizes.reduce(0) { $0 + Self.pairs($1) }
        predictedPairs = classes.clusterSizes.reduce(0) { $0 + Self.pairs($1) }
        truePositives = cells.reduce(0) { $0 + Self.pairs($1.count) }
        var precisionSum = 0.0
        var recallSum = 0.0
        var entitiesIn = [Int](repeating: 0, count: clusters)
        var clustersOf = [Int](repeating: 0, count: entities)
        var exact = 0
        for cell in cells {
            let square = Double(cell.count * cell.count)
            precisionSum += square / Double(classes.clusterSizes[cell.cluster])
            recallSum += square / Double(classes.entitySizes[cell.entity])
            entitiesIn[cell.cluster] += 1
            clustersOf[cell.entity] += 1
            if cell.count == classes.clusterSizes[cell.cluster], cell.count == classes.entitySizes[cell.entity] {
                exact += 1
            }
        }
        bCubedPrecision = precisionSum / Double(records)
        bCubedRecall = recallSum / Double(records)
        exactClusters = exact
        overmergedClusters = entitiesIn.count { $0 > 1 }
        splitEntities = clustersOf.count { $0 > 1 }
        singletonClusters = classes.clusterSizes.count { $0 == 1 }
        largestEntity = classes.entitySizes.max() ?? 0
        largestCluster = classes.clusterSizes.max() ?? 0
        biggestFalseMerge = classes.worst(entitiesIn)
        missingInPrediction = classes.missing
        unknownInPrediction = classes.unknown
    }

    private static func pairs(_ size: Int) -> Int { size * (size - 1) / 2 }
}

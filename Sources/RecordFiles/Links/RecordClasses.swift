/// Each record's entity and cluster as small numbers, and what follows from them.
struct RecordClasses {
    /// Records of one entity in one cluster.
    struct Cell {
        let entity: Int
        let cluster: Int
        let count: Int
    }

    /// Entity of each record of the truth.
    private(set) var entity: [Int] = []
    private(set) var entitySizes: [Int] = []
    private(set) var clusterSizes: [Int] = []
    /// What the prediction calls a cluster; `nil` for a record that it does not name.
    private var clusterLabels: [String?] = []
    private var cluster: [Int] = []
    private(set) var missing = 0
    private(set) var unknown = 0

    init(truth: LabelledRecords, prediction: LabelledRecords) throws(LinkageScore.Fault) {
        let indices = try addEntities(of: truth)
        guard !entity.isEmpty else { throw .noRecords }
        try addClusters(of: prediction, indices)
        for record in cluster.indices where cluster[record] < 0 {
            cluster[record] = clusterLabels.count
            clusterLabels.append(nil)
            missing += 1
        }
        clusterSizes = [Int](repeating: 0, count: clusterLabels.count)
        for number in cluster { clusterSizes[number] += 1 }
    }

    private mutating func addEntities(of truth: LabelledRecords) throws(LinkageScore.Fault) -> [String: Int] {
        var indices: [String: Int] = [:]
        var numbers: [String: Int] = [:]
        for (recordID, label) in zip(truth.recordIDs, truth.labels) {
            guard indices.updateValue(entity.count, forKey: recordID) == nil else {
                throw .twiceInTruth(recordID: recordID)
            }
            let number = numbers[label] ?? entitySizes.count
            if number == entitySizes.count {
                numbers[label] = number
                entitySizes.append(0)
            }
            entitySizes[number] += 1
            entity.append(number)
        }
        cluster = [Int](repeating: -1, count: entity.count)
        return indices
    }

    private mutating func addClusters(
        of prediction: LabelledRecords,
        _ indices: [String: Int]
    ) throws(LinkageScore.Fault) {
        var numbers: [String: Int] = [:]
        for (recordID, label) in zip(prediction.recordIDs, prediction.labels) {
            guard let index = indices[recordID] else {
                unknown += 1
                continue
            }
            guard cluster[index] < 0 else { throw .twiceInPrediction(recordID: recordID) }
            let number = numbers[label] ?? clusterLabels.count
            if number == clusterLabels.count {
                numbers[label] = number
                clusterLabels.append(label)
            }
            cluster[index] = number
        }
    }

    /// The cells that are not empty, in order of entity and cluster.
    var cells: [Cell] {
        let pairs = zip(entity, cluster).sorted { $0 < $1 }
        var cells: [Cell] = []
        var start = 0
        while start < pairs.count {
            let first = pairs[start]
            var end = start + 1
            while end < pairs.count, pairs[end] == first { end += 1 }
            cells.append(Cell(entity: first.0, cluster: first.1, count: end - start))
            start = end
        }
        return cells
    }

    /// The cluster with the most entities; of several the one with the most records, then the first.
    func worst(_ entitiesIn: [Int]) -> LinkageScore.FalseMerge? {
        var worst = 0
        for index in entitiesIn.indices
        where (entitiesIn[index], clusterSizes[index]) > (entitiesIn[worst], clusterSizes[worst]) {
            worst = index
        }
        guard entitiesIn[worst] > 1 else { return nil }
        return LinkageScore.FalseMerge(
            label: clusterLabels[worst] ?? "",
            entities: entitiesIn[worst],
            records: clusterSizes[worst]
        )
    }
}

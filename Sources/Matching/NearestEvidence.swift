import Identifiers

extension Explanation {
    /// The least that would have to agree for a pair to reach the match threshold.
    ///
    /// Evidence that is not there yet comes before evidence that would have to be corrected: a steward can ask for a
    /// missing phone, but not for another birth date. One field after the other is taken, each with the level that
    /// gains most, until the threshold is reached; then the last one is lowered to the least level that still does.
    struct NearestEvidence {
        /// The weight of every field for every alternative now.
        let weighed: [[Int32]]
        /// The totals by alternative now.
        let totals: [Int32]
        let rules: RuleSet
        /// The fields that not both records know.
        let unknown: Set<MatchField>

        /// The changes, in the order in which they were taken; empty where nothing would do.
        var changes: [Missing] {
            var totals = totals
            var left = MatchField.evidence
            var changes: [Missing] = []
            while least(totals) < rules.matchThreshold.millibits {
                guard let next = best(of: left.filter(unknown.contains), totals) ?? best(of: left, totals) else {
                    return []
                }
                let before = totals
                totals = changed(totals, next.field, next.level)
                left.removeAll { $0 == next.field }
                changes.append(next)
                guard least(totals) >= rules.matchThreshold.millibits else { continue }
                changes[changes.count - 1] = lowered(next, before)
            }
            return changes
        }

        private func least(_ totals: [Int32]) -> Int32 { totals.min() ?? .min }

        private func changed(_ totals: [Int32], _ field: MatchField, _ level: ComparisonLevel) -> [Int32] {
            totals.indices.map { index in
                let now = weighed[index][Int(field.rawValue)]
                return totals[index] &- now &+ rules.alternatives[index].weights[Int(level.rawValue)]
            }
        }

        /// The field and level that raise the total most; `nil` where none raises it.
        private func best(of fields: [MatchField], _ totals: [Int32]) -> Missing? {
            var best: (change: Missing, total: Int32)?
            for field in fields {
                for level in field.levels {
                    let total = least(changed(totals, field, level))
                    guard total > best?.total ?? least(totals) else { continue }
                    best = (Missing(field: field, level: level), total)
                }
            }
            return best?.change
        }

        /// The least agreement of the last field that still reaches the threshold.
        private func lowered(_ change: Missing, _ totals: [Int32]) -> Missing {
            let enough = change.field.levels.map { (level: $0, total: least(changed(totals, change.field, $0))) }
                .filter { $0.total >= rules.matchThreshold.millibits }
            return Missing(
                field: change.field,
                level: enough.min { $0.total < $1.total }?.level ?? change.level
            )
        }
    }
}

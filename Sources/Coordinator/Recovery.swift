import Identifiers
import ShardProtocol
import Topology

/// Brings the shards to one state before a new leader takes writes.
///
/// 1. Fence: no older leader can write any more.
/// 2. Read the intents that are left. A batch may be finished only if every batch before it is: intents beyond the
///    highest sequence that any shard has completed are followed as long as they join without a gap; what lies
///    behind a gap was never acknowledged and is dropped.
/// 3. Write the missing parts, shard by shard, in order, and remove the intents.
struct Recovery: Sendable {
    let epoch: Epoch
    let routing: Routing
    var planted: Set<PlantedFault> = []

    /// Where a shard stands.
    struct Mark: Sendable {
        /// It has everything up to here.
        var through: Sequence
        /// The number of the last commit message in this epoch.
        var number: UInt64 = 0
    }

    /// What recovery found and did.
    struct Report: Sendable {
        /// The last write of the cluster.
        var last: Sequence
        /// Every shard that holds anything.
        var marks: [ShardID: Mark]
        var finished = 0
        var dropped = 0
    }

    /// Recovers.
    ///
    /// - Throws: `ShardError` where a shard does not answer; try again.
    func run() async throws(ShardError) -> Report {
        var marks: [ShardID: Mark] = [:]
        for shard in routing.activeGroups {
            let client = try routing.client(shard)
            let status = try await planted.contains(.skipFence) ? client.status() : client.fence(epoch)
            marks[shard] = Mark(through: status.through)
        }
        let intents = planted.contains(.skipRecovery) ? [] : try await readIntents()
        let through = marks.values.map(\.through)
        let last = planted.contains(.reuseSequences) ? through.min() : through.max()
        var report = Report(last: last ?? .zero, marks: marks)
        for intent in intents {
            if intent.row.last > report.last {
                guard intent.row.first == report.last.next || planted.contains(.followGaps) else {
                    report.dropped += 1
                    continue
                }
                report.last = intent.row.last
            }
            var wrote = false
            for part in intent.row.parts {
                guard let mark = report.marks[part.shard],
                    mark.through < intent.row.last || planted.contains(.recoverTwice)
                else { continue }
                report.marks[part.shard]?.through = max(mark.through, intent.row.last)
                try await write(part.operations, to: part.shard, &report.marks)
                wrote = true
            }
            if wrote { report.finished += 1 }
        }
        try await remove(intents, &report.marks)
        return report
    }

    private func write(
        _ operations: [UInt8],
        to shard: ShardID,
        _ marks: inout [ShardID: Mark]
    ) async throws(ShardError) {
        var mark = marks[shard] ?? Mark(through: .zero)
        mark.number += 1
        marks[shard] = mark
        try await routing.client(shard).commit(
            CommitRequest(epoch: epoch, number: mark.number, through: mark.through, operations: operations)
        )
    }

    private struct Found {
        var shard: ShardID
        var key: StoreKey
        var row: IntentRow
    }

    private func readIntents() async throws(ShardError) -> [Found] {
        var found: [Found] = []
        for shard in routing.activeGroups {
            let client = try routing.client(shard)
            var from: StoreKey? = StoreKey(0)
            while let start = from {
                let answer = try await client.scan(
                    ScanRequest(table: .intent, from: start, through: .max, limit: 1_024)
                )
                for row in answer.rows {
                    do throws(RowError) {
                        found.append(Found(shard: shard, key: row.key, row: try IntentRow(decoding: row.value)))
                    } catch {
                        throw .storage(error.text)
                    }
                }
                from = answer.next
            }
        }
        return found.sorted { $0.row.last < $1.row.last }
    }

    private func remove(_ intents: [Found], _ marks: inout [ShardID: Mark]) async throws(ShardError) {
        for shard in routing.activeGroups {
            var operations = OperationWriter()
            for intent in intents where intent.shard == shard { operations.delete(.intent, intent.key) }
            guard operations.count > 0 else { continue }
            try await write(operations.bytes, to: shard, &marks)
        }
    }
}

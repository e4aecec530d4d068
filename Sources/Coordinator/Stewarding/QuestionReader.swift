import Identifiers
import Identity
import ShardProtocol

/// Finds the open questions about records without walking the queue.
///
/// Under each record stands what was ever asked and not taken away; the queue has the last word on what is open.
struct QuestionReader: Sendable {
    let rows: RowReader

    /// Questions of one record that are read together.
    private static let page = 256

    /// The open questions about each record, in the order given.
    func questions(about records: [RecordID]) async throws(RegistryError) -> [[ReviewItem]] {
        let rows = rows
        let wanted = Array(Set(records))
        let named: [RecordID: [ReviewTask]]
        do {
            named = try await withThrowingTaskGroup(of: (RecordID, [ReviewTask]).self) { group in
                for record in wanted {
                    group.addTask {
                        let tasks = try await Self.tasks(about: record, rows)
                        return (record, tasks)
                    }
                }
                var found: [RecordID: [ReviewTask]] = [:]
                for try await (record, tasks) in group { found[record] = tasks }
                return found
            }
        } catch {
            throw error as? RegistryError ?? .unavailable(reason: "\(error)", retryAfterSeconds: 1)
        }
        let addresses = Set(named.values.flatMap { $0 }.map { ReadRequest.Address.review($0) })
        guard !addresses.isEmpty else { return records.map { _ in [] } }
        let open = try await rows.read(Array(addresses))
        return try records.map { (record) throws(RegistryError) in
            var items: [ReviewItem] = []
            for task in named[record] ?? [] {
                guard let bytes = open[.review(task)] ?? nil, !HeldRow.isHeld(bytes) else { continue }
                let row = try rows.row { () throws(RowError) in try ReviewRow(decoding: bytes) }
                // The task may have another weight by now; that it is the same question is what counts.
                if row.task.pair == task.pair { items.append(ReviewItem(task: row.task, raised: row.raised)) }
            }
            return items.sorted { ($0.task.harm, $1.task) > ($1.task.harm, $0.task) }
        }
    }

    private static func tasks(about record: RecordID, _ rows: RowReader) async throws(RegistryError) -> [ReviewTask] {
        let hash = ReadRequest.Address.questionHash(record)
        let routing = rows.fanOut.routing
        var tasks: [ReviewTask] = []
        var next: StoreKey? = StoreKey(hash)
        while let start = next {
            let answer: ScanAnswer
            do throws(ShardError) {
                answer = try await routing.client(routing.owner(ofHash: hash)).scan(
                    ScanRequest(table: .change, from: start, through: hash, limit: page)
                )
            } catch {
                throw RegistryError(error)
            }
            for row in answer.rows where row.key.hash == hash {
                tasks.append(try rows.row { () throws(RowError) in try ReviewRow(decoding: row.value) }.task)
            }
            next = answer.next
        }
        return tasks
    }
}

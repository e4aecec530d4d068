import Demographics
import Identifiers
import Matching
import ShardProtocol
import Topology

/// Checks on the shards themselves that what derives from the records is all there: postings and feature rows.
///
/// A posting that is missing harms nobody today; it parts two copies of a person that come later.
struct DerivedRowsChecker: Sendable {
    let shards: [any ShardClient]
    let slots: SlotMap
    let rules: RuleSet

    /// Asks for each record under each of its keys alone.
    ///
    /// - Returns: what is missing, in words.
    func check(_ records: [SourceRecord]) async throws(ShardError) -> [String] {
        var violations: [String] = []
        for client in shards { _ = try await client.install(rules: rules.encoded()) }
        for record in records {
            let id = record.key.id
            let keyed = rules.key(id, NormalisedRecord(record))
            for key in keyed.keys {
                let query = CandidatesRequest.Query(
                    exclude: RecordID(0),
                    sketch: keyed.sketch.bits,
                    row: keyed.row,
                    keys: [key.hash]
                )
                let shard = shards[Int(slots.owner(ofHash: key.hash).rawValue)]
                let feature = ReadRequest.Address(.feature, StoreKey(id.rawValue))
                if try await shard.read(ReadRequest(rows: [feature])).values.first != keyed.row {
                    violations.append("\(record.key) has no feature row, or an old one, beside its key \(key.hash)")
                }
                let answer = try await shard.candidates(
                    CandidatesRequest(rules: rules.version, floor: .lowest, queries: [query])
                )
                let isThere = answer.found.first?.candidates.contains { $0.record == id } ?? false
                let isCut = answer.found.first?.cutKeys.isEmpty == false
                if !isThere, !isCut { violations.append("\(record.key) is not found under its key \(key.hash)") }
            }
        }
        return violations
    }
}

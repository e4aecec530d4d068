import Bytes
import Demographics
import Foundation
import Identifiers
import Identity
import Lookup
import Matching
import RuleSets
import ShardProtocol
import Topology

/// Answers "who is this?" and "why?": the first steps of the way through, and no further.
struct MatchReader: Sendable {
    let rows: RowReader
    let rules: RuleSet
    /// Reads documents, for records that were keyed by other rules.
    var reading: KeepingTools.Reading?

    /// How far above the match threshold a weight is called certain, in bits: one wrong link in a thousand of those
    /// exactly at the threshold.
    private static let certainMargin = MatchWeight(millibits: 10_000)

    /// Finds stored records, best first.
    func match(_ record: SourceRecord, limit: Int) async throws(RegistryError) -> MatchAnswer {
        // The record that asks is not stored: an address of its own keeps it from excluding a stored one.
        let keyed = rules.key(RecordID(0), NormalisedRecord(record))
        let found: FanOut.Found
        do throws(ShardError) {
            found = try await rows.fanOut.candidates([keyed], rules: rules, tolerant: true)
        } catch {
            throw RegistryError(error)
        }
        var best = found.candidates.first ?? []
        best.sort { ($1.weight, $0.record) < ($0.weight, $1.record) }
        best = Array(best.prefix(limit))
        let (stored, unread) = try await rows.recordsWhereAnswered(best.map(\.record))
        var matches: [MatchedRecord] = []
        for (candidate, record) in zip(best, stored) {
            guard let record, !record.deleted, record.golden != nil else { continue }
            matches.append(matched(record, candidate.weight))
        }
        return MatchAnswer(
            matches: matches,
            incomplete: found.cut.first ?? false,
            cost: found.cost,
            rules: rules.version,
            unsearched: MatchAnswer.UnsearchedKey.naming(
                found.unsearched.first ?? [],
                rules,
                rows.fanOut.routing
            ),
            unread: unread
        )
    }

    private func matched(_ record: StoredRecord, _ weight: MatchWeight) -> MatchedRecord {
        let grade: MatchedRecord.Grade =
            if weight >= rules.matchThreshold + Self.certainMargin {
                .certain
            } else if weight >= rules.matchThreshold {
                .probable
            } else {
                .possible
            }
        // The threshold is where links are as likely right as wrong, so odds count from there.
        let odds = weight.bits - rules.matchThreshold.bits
        return MatchedRecord(record: record, weight: weight, grade: grade, probability: 1 / (1 + exp2(-odds)))
    }

    /// Tells the score of two stored records field by field.
    func explain(_ first: RecordKey, _ second: RecordKey) async throws(RegistryError) -> ExplainAnswer? {
        guard let one = try await comparable(first), let other = try await comparable(second) else { return nil }
        let explanation: Explanation
        do throws(RuleSetError) {
            explanation = try Explanation(
                one.row,
                other.row,
                rules: rules,
                shared: rules.sharedRules(one.keys, other.keys)
            )
        } catch {
            throw .corrupt("row of table feature is damaged")
        }
        let standing = try await standing(one.record.id, other.record.id)
        return ExplainAnswer(
            first: one.record,
            second: other.record,
            explanation: explanation,
            rules: rules.version,
            samePerson: one.record.golden != nil && one.record.golden == other.record.golden,
            standing: standing,
            names: try await names(in: standing)
        )
    }

    /// Most records whose keys an explanation tells.
    private static let namesMax = 64

    private func standing(_ first: RecordID, _ second: RecordID) async throws(RegistryError) -> PairStanding? {
        guard let home = try await rows.component(of: first), let other = try await rows.component(of: second) else {
            return nil
        }
        return PairStanding(first, in: home, second, in: other, policy: IdentityPolicy(rules: rules))
    }

    private func names(in standing: PairStanding?) async throws(RegistryError) -> [RecordID: RecordKey] {
        guard let standing else { return [:] }
        var ids = Set(standing.firstPerson + standing.secondPerson)
        if case .chain(let between) = standing.cause { ids.formUnion(between) }
        let listed = Array(ids.sorted().prefix(Self.namesMax))
        var names: [RecordID: RecordKey] = [:]
        for (id, record) in zip(listed, try await rows.records(listed)) {
            if let record { names[id] = record.key }
        }
        return names
    }

    private struct Comparable {
        var record: StoredRecord
        var row: [UInt8]
        var keys: [BlockingKey]
    }

    /// A record with its feature row, which lies on any shard that holds one of its keys.
    private func comparable(_ key: RecordKey) async throws(RegistryError) -> Comparable? {
        let id = key.id
        guard let bytes = try await rows.read([.home(id)])[.home(id)] ?? nil else { return nil }
        let home = try rows.row { () throws(RowError) in try HomeRow(decoding: bytes) }
        guard home.key == key, !home.deleted else { return nil }
        let stored = home.decidingKeys
        var keys = stored
        if home.rules != rules.version, let source = reading?(home.key, home.document) {
            keys = rules.keys(of: NormalisedRecord(source))
        }
        guard let first = stored.first else {
            throw .invalid("record \(id) says too little to be compared: it has no blocking key")
        }
        guard let record = try await rows.record(id, key: key) else { return nil }
        let routing = rows.fanOut.routing
        let address = ReadRequest.Address(.feature, StoreKey(id.rawValue))
        let answer: ReadAnswer
        do throws(ShardError) {
            answer = try await routing.client(routing.place(ofHash: first.hash)).read(ReadRequest(rows: [address]))
        } catch {
            throw RegistryError(error)
        }
        guard let row = answer.values.first ?? nil else { throw .corrupt("row of table feature is missing") }
        return Comparable(record: record, row: row, keys: keys)
    }
}

extension MatchAnswer.UnsearchedKey {
    /// Keys as operators know them: what they are made of, and who did not answer.
    static func naming(_ keys: [BlockingKey], _ rules: RuleSet, _ routing: Routing) -> [Self] {
        keys.map { key in
            let name =
                Int(key.rule) < rules.blocking.count
                ? rules.blocking[Int(key.rule)].parts.map(\.rawValue).joined(separator: "+") : "rule \(key.rule)"
            return Self(rule: name, slot: Slot(hash: key.hash), shard: routing.owner(ofHash: key.hash))
        }
    }
}

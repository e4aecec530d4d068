import Demographics
import Identifiers
import Identity

@testable import Coordinator

/// Writes of every kind about few people of few sources, so that records are linked, changed, parted and removed.
enum Crowd {
    /// A record as it is after a turn.
    static func record(_ number: Int, _ turn: Int) -> SourceRecord {
        var record = SourceRecord(key: RecordKey(source: "clinic-\(number % 3)", value: "\(number)"))
        let person = number / 3
        record.names = [PersonName(given: [turn % 5 == 4 ? "Ruth" : "Amina"], family: "Nakato\(person)")]
        record.sex = "F"
        record.birthDate = "19\(50 + person % 40)-0\(1 + person % 9)-1\(person % 9)"
        record.contacts = [ContactPoint(system: .phone, value: "07721\(10_000 + person)")]
        return record
    }

    /// A document from which `reading` makes the record again.
    static func document(_ number: Int, _ turn: Int) -> [UInt8] { Array("\(number) \(turn)".utf8) }

    /// The record that a document tells of.
    static func reading(_ key: RecordKey, _ document: [UInt8]) -> SourceRecord? {
        let parts = String(decoding: document, as: UTF8.self).split(separator: " ").compactMap { Int($0) }
        return parts.count == 2 ? record(parts[0], parts[1]) : nil
    }

    /// Writes something; which depends on the turn alone.
    static func write(_ registry: Registry, _ turn: Int) async throws {
        let number = turn * 7 % 120
        let record = record(number, turn)
        let document = document(number, turn)
        switch turn % 11 {
        case 3: try await registry.note("note-\(turn % 4)", turn % 22 == 3 ? nil : document)
        case 7:
            _ = await registry.submit([Submission(action: .delete, record: record, document: [])])
        case 9:
            let other = Self.record((number + 1) % 120, turn).key.id
            guard let pair = RecordPair(record.key.id, other) else { return }
            let kind: StewardDecision.Kind = turn % 2 == 0 ? .mustLink : .cannotLink
            _ = try? await registry.decide(
                StewardDecision(kind: kind, pair: pair, at: .zero, by: "steward", comment: "\(turn)")
            )
        default: _ = await registry.submit([Submission(record: record, document: document)])
        }
    }
}

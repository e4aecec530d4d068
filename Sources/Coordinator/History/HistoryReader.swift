import Identifiers
import Identity
import ShardProtocol
import Topology

/// Reads persons as they were.
struct HistoryReader: Sendable {
    /// Identifiers that lead from one to the next; more than a person can have been merged in a life.
    private static let hopLimit = 256
    private static let page = 1_024

    let rows: RowReader

    /// What happened to a golden identifier, in order.
    func timeline(of golden: GoldenID) async throws(RegistryError) -> PersonTimeline {
        var entries: [ChangesPage.Entry] = []
        let hash = ReadRequest.Address.personHash(golden)
        var next: StoreKey? = StoreKey(hash)
        while let start = next {
            let answer = try await scan(.change, from: start, through: hash)
            for row in answer.rows {
                entries.append(try entry(Sequence(row.key.sub), row.value) { PersonChange.concerned(by: $0) })
            }
            next = answer.next
        }
        if entries.first?.sequence != golden.birth, let birth = try await birth(of: golden) {
            entries.insert(birth, at: 0)
        }
        return PersonTimeline(golden: golden, entries: entries)
    }

    /// The write that gave the identifier out, where it did nothing else with it: told by the feed alone.
    private func birth(of golden: GoldenID) async throws(RegistryError) -> ChangesPage.Entry? {
        let address = ReadRequest.Address.change(golden.birth)
        guard let bytes = try await rows.read([address])[address] ?? nil else { return nil }
        let found = try entry(golden.birth, bytes) { event in
            PersonChange.concerned(by: event).filter { $0 == golden }
        }
        return found.events.isEmpty ? nil : found
    }

    private func entry(
        _ sequence: Sequence,
        _ bytes: [UInt8],
        _ concerned: (IdentityEvent) -> [GoldenID]
    ) throws(RegistryError) -> ChangesPage.Entry {
        let change = try rows.row { () throws(RowError) in try ChangeRow(decoding: bytes) }
        let events = change.events.filter { !concerned($0).isEmpty }
        return ChangesPage.Entry(sequence: sequence, at: change.at, events: events)
    }

    /// The person that an identifier stood for at a moment; `nil` where it stood for none.
    func person(_ asked: GoldenID, at time: UInt64) async throws(RegistryError) -> PersonView? {
        var golden = asked
        for _ in 0..<Self.hopLimit {
            switch try await timeline(of: golden).standing(at: time) {
            case .unborn, .extinct: return nil
            case .redirect(let other): golden = other
            case .person(let members, let retired):
                var records: [StoredRecord] = []
                for member in members {
                    if let record = try await record(member, of: golden, at: time) { records.append(record) }
                }
                return PersonView(golden: golden, retired: retired, members: records)
            }
        }
        throw .corrupt("golden identifiers lead in a circle")
    }

    /// The version of a record that held at a moment.
    private func record(
        _ id: RecordID,
        of golden: GoldenID,
        at time: UInt64
    ) async throws(RegistryError) -> StoredRecord? {
        let address = ReadRequest.Address.home(id)
        guard let bytes = try await rows.read([address])[address] ?? nil else { return nil }
        let home = try rows.row { () throws(RowError) in try HomeRow(decoding: bytes) }
        var best = home.updated <= time ? home : nil
        var next: StoreKey? = best == nil ? StoreKey(id.rawValue) : nil
        while let start = next {
            let answer = try await scan(.history, from: start, through: id.rawValue)
            for row in answer.rows {
                let old = try rows.row { () throws(RowError) in try HomeRow(decoding: row.value) }
                if old.updated <= time { best = old }
            }
            next = answer.next
        }
        guard let best, !best.deleted else { return nil }
        return StoredRecord(best, id: id, golden: golden)
    }

    /// A page of the rows under one hash.
    private func scan(_ table: StoreTable, from: StoreKey, through: UInt64) async throws(RegistryError) -> ScanAnswer {
        let routing = rows.fanOut.routing
        do throws(ShardError) {
            return try await routing.client(routing.owner(ofHash: through)).scan(
                ScanRequest(table: table, from: from, through: through, limit: Self.page)
            )
        } catch {
            throw RegistryError(error)
        }
    }
}

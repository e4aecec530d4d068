import Identifiers
import Identity
import Matching
import ShardProtocol

/// Reads stored rows for the doors and puts them together; every function is one or a few fan-outs.
struct RowReader: Sendable {
    let fanOut: FanOut
    let limits: CoordinatorLimits
    let clock: any CoordinatorClock

    // MARK: Records

    func record(_ id: RecordID, key: RecordKey?) async throws(RegistryError) -> StoredRecord? {
        let found = try await records([id])
        guard let record = found.first ?? nil, key == nil || record.key == key else { return nil }
        return record
    }

    /// Reads a record, also one that was taken before it could be searched for.
    func recordOrWaiting(_ id: RecordID, key: RecordKey?) async throws(RegistryError) -> StoredRecord? {
        if let record = try await record(id, key: key) { return record }
        // Only where there may be one: most questions about nobody come before a first write.
        guard fanOut.rules.takesUnsearched else { return nil }
        guard let bytes = try await read([.unsearched(id)])[.unsearched(id)] ?? nil else { return nil }
        let waiting = try row { () throws(RowError) in try UnsearchedRow(decoding: bytes) }
        guard key == nil || waiting.write.key == key else { return nil }
        var record = StoredRecord(
            key: waiting.write.key,
            id: id,
            version: 0,
            deleted: false,
            updated: waiting.taken,
            golden: nil,
            document: waiting.document
        )
        record.isUnsearched = true
        return record
    }

    /// Reads records with their golden identifiers, in the order given.
    func records(_ ids: [RecordID]) async throws(RegistryError) -> [StoredRecord?] {
        try records(ids, of: try await read(ids.flatMap { [.home($0), .link($0)] }))
    }

    /// Reads records and, where a record's person stands under one of them, which records are of that person.
    ///
    /// Such a row lies in the slot of the record that names it, so that it costs no question of its own; the records of
    /// a person that share an identifier nearly always have that record among them.
    func recordsAndPersons(_ ids: [RecordID]) async throws(RegistryError) -> [StoredRecord?] {
        let rows = try await read(ids.flatMap { [.home($0), .link($0), .component($0)] })
        var found = try records(ids, of: rows)
        for place in found.indices {
            guard let record = found[place], let component = record.component,
                let bytes = rows[.component(component)] ?? nil
            else { continue }
            found[place]?.person = try Self.members(with: record.id, in: bytes)
        }
        return found
    }

    /// Reads records as far as the shards that have them answer; counts the others.
    func recordsWhereAnswered(
        _ ids: [RecordID]
    ) async throws(RegistryError) -> (records: [StoredRecord?], unread: Int) {
        let found: [ReadRequest.Address: [UInt8]?]
        do throws(ShardError) {
            found = try await fanOut.readWhereAnswered(ids.flatMap { [.home($0), .link($0)] })
        } catch {
            throw RegistryError(error)
        }
        // Home row and link of a record lie in one slot.
        let unread = ids.count { found[.home($0)] == nil }
        return (try records(ids, of: found), unread)
    }

    private func records(
        _ ids: [RecordID],
        of rows: [ReadRequest.Address: [UInt8]?]
    ) throws(RegistryError) -> [StoredRecord?] {
        var records: [StoredRecord?] = []
        for id in ids {
            guard let bytes = rows[.home(id)] ?? nil else {
                records.append(nil)
                continue
            }
            let home = try row { () throws(RowError) in try HomeRow(decoding: bytes) }
            var record = StoredRecord(home, id: id, golden: nil)
            if !home.deleted, let link = rows[.link(id)] ?? nil {
                let place = try row { () throws(RowError) in try LinkRow(decoding: link) }
                record.golden = place.golden
                record.component = place.component
            }
            records.append(record)
        }
        return records
    }

    func record(_ id: RecordID, version: UInt32) async throws(RegistryError) -> StoredRecord? {
        guard let current = try await record(id, key: nil) else { return nil }
        guard current.version != version else { return current }
        let address = ReadRequest.Address(.history, StoreKey(id.rawValue, sub: UInt64(version)))
        guard let bytes = try await read([address])[address] ?? nil else { return nil }
        let home = try row { () throws(RowError) in try HomeRow(decoding: bytes) }
        return StoredRecord(home, id: id, golden: current.golden)
    }

    // MARK: Persons

    func person(_ golden: GoldenID) async throws(RegistryError) -> PersonView? {
        for attempt in 0..<limits.danglingRetries {
            switch try await personOnce(golden) {
            case .found(let person): return person
            case .none: return nil
            case .dangling: await clock.sleep(.milliseconds(2 << attempt))
            }
        }
        throw .unavailable(reason: "the person is being changed", retryAfterSeconds: 1)
    }

    private enum Attempt {
        case found(PersonView)
        case none
        /// A row points to one that is not visible yet: a write is on its way through the shards.
        case dangling
    }

    private func personOnce(_ golden: GoldenID) async throws(RegistryError) -> Attempt {
        guard let anchor = try await anchor(of: golden) else { return .none }
        let link = try await read([.link(anchor)])[.link(anchor)] ?? nil
        guard let link else { return .dangling }
        switch try row({ () throws(RowError) in try LinkRow(decoding: link) }) {
        case .single(let current, _, _):
            return try await view(current, members: [anchor], retired: [])
        case .member(let id, _):
            guard let component = try await component(id), let current = component.member(anchor)?.golden,
                let person = component.persons.first(where: { $0.golden == current })
            else { return .dangling }
            return try await view(current, members: person.members, retired: person.retired)
        }
    }

    private func anchor(of golden: GoldenID) async throws(RegistryError) -> RecordID? {
        guard let bytes = try await read([.golden(golden)])[.golden(golden)] ?? nil else { return nil }
        switch try row({ () throws(RowError) in try GoldenRow(decoding: bytes) }) {
        case .anchored(let record): return record
        case .extinct: return nil
        }
    }

    func component(_ id: RecordID) async throws(RegistryError) -> Component? {
        guard let bytes = try await read([.component(id)])[.component(id)] ?? nil else { return nil }
        return try Self.component(bytes)
    }

    static func component(_ bytes: [UInt8]) throws(RegistryError) -> Component {
        guard let component = try? bytes.withUnsafeBytes({ try Component(decoding: $0) }) else {
            throw .corrupt("row of table component is damaged")
        }
        return component
    }

    /// The records of a record's person, itself among them; `nil` where the component does not have it.
    static func members(with record: RecordID, in bytes: [UInt8]) throws(RegistryError) -> [RecordID]? {
        try component(bytes).persons.first { $0.members.contains(record) }?.members
    }

    /// The component of a live record, also of one that is alone; `nil` while its rows are on their way.
    func component(of id: RecordID) async throws(RegistryError) -> Component? {
        guard let bytes = try await read([.link(id)])[.link(id)] ?? nil else { return nil }
        switch try row({ () throws(RowError) in try LinkRow(decoding: bytes) }) {
        case .single(let golden, let born, let facts):
            return LinkRow.singleton(id, golden: golden, born: born, facts: facts)
        case .member(let component, _):
            return try await self.component(component)
        }
    }

    private func view(
        _ golden: GoldenID,
        members: [RecordID],
        retired: [GoldenID]
    ) async throws(RegistryError) -> Attempt {
        let records = try await records(members)
        guard records.allSatisfy({ $0 != nil }) else { return .dangling }
        return .found(PersonView(golden: golden, retired: retired, members: records.compactMap { $0 }))
    }

    // MARK: Rows

    func read(_ addresses: [ReadRequest.Address]) async throws(RegistryError) -> [ReadRequest.Address: [UInt8]?] {
        do throws(ShardError) {
            return try await fanOut.read(addresses)
        } catch {
            throw RegistryError(error)
        }
    }

    func row<T>(_ body: () throws(RowError) -> T) throws(RegistryError) -> T {
        do throws(RowError) {
            return try body()
        } catch {
            throw .corrupt(error.text)
        }
    }
}

extension StoredRecord {
    init(_ home: HomeRow, id: RecordID, golden: GoldenID?) {
        self.init(
            key: home.key,
            id: id,
            version: home.version,
            deleted: home.deleted,
            updated: home.updated,
            golden: golden,
            document: home.document,
            rules: home.rules,
            sequence: home.sequence
        )
    }
}

extension RegistryError {
    /// What clients are told: where a shard is and what its files are called is for `cluster status` and for its log.
    init(_ error: ShardError) {
        switch error {
        case .unavailable: self = .unavailable(reason: "a shard does not answer", retryAfterSeconds: 1)
        case .timeout: self = .unavailable(reason: "a shard did not answer in time", retryAfterSeconds: 1)
        case .diskFull: self = .unavailable(reason: "the disk of a shard is full", retryAfterSeconds: 10)
        case .staleEpoch: self = .unavailable(reason: "another node leads now", retryAfterSeconds: 1)
        case .storage: self = .corrupt("a shard's store failed")
        case .behind: self = .unavailable(reason: "a shard's store was wiped", retryAfterSeconds: 10)
        case .unknownRuleSet, .badRequest: self = .corrupt("a shard did not understand the question")
        }
    }
}

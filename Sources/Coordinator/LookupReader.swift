import Identifiers
import Identity
import ShardProtocol
import Topology

/// Finds records by what they are posted under, and the records that are with them one person.
struct LookupReader: Sendable {
    let rows: RowReader

    /// Reads live records under any of the keys, in the order of their addresses.
    func lookup(_ keys: [UInt64], after: RecordID?, limit: Int) async throws(RegistryError) -> RecordsPage {
        guard !keys.isEmpty, after?.rawValue != .max else { return RecordsPage() }
        let start = RecordID((after?.rawValue).map { $0 + 1 } ?? 0)
        let blocks: [BlockAnswer.Block]
        do throws(ShardError) {
            blocks = try await rows.fanOut.blocks(keys, from: start, limit: limit)
        } catch {
            throw RegistryError(error)
        }
        // Of a block that was cut nothing is known past its last record.
        let bound = blocks.filter(\.isCut).compactMap(\.records.last).min()
        var ids = Set(blocks.flatMap(\.records)).sorted()
        if let bound { ids.removeAll { $0 > bound } }
        let isMore = bound != nil || ids.count > limit
        ids = Array(ids.prefix(limit))
        let found = try await rows.recordsAndPersons(ids).compactMap { $0 }
        return RecordsPage(
            records: found.filter { !$0.deleted && $0.golden != nil },
            next: isMore ? ids.last : nil
        )
    }

    /// Reads the other records of each record's person; what was read with the records is not asked for again.
    func companions(of records: [StoredRecord]) async throws(RegistryError) -> [[StoredRecord]] {
        let others = try await others(of: records)
        var known: [RecordID: StoredRecord] = [:]
        for record in records { known[record.id] = record }
        let missing = Set(others.flatMap { $0 }).filter { known[$0] == nil }.sorted()
        if !missing.isEmpty {
            for record in try await rows.records(missing) {
                if let record, !record.deleted { known[record.id] = record }
            }
        }
        return others.map { $0.compactMap { known[$0] } }
    }

    /// Which other records are of each record's person.
    private func others(of records: [StoredRecord]) async throws(RegistryError) -> [[RecordID]] {
        let wanted = Set(records.filter { $0.person == nil }.compactMap(\.component)).sorted()
        let rows = wanted.isEmpty ? [:] : try await rows.read(wanted.map { .component($0) })
        var others: [[RecordID]] = []
        for record in records {
            var members = record.person ?? []
            if record.person == nil, let id = record.component, let bytes = rows[.component(id)] ?? nil {
                members = try RowReader.members(with: record.id, in: bytes) ?? []
            }
            others.append(members.filter { $0 != record.id })
        }
        return others
    }

    /// Reads versions of a record.
    func record(_ id: RecordID, versions: [UInt32]) async throws(RegistryError) -> [StoredRecord?] {
        guard let current = try await rows.record(id, key: nil) else { return versions.map { _ in nil } }
        let addresses = versions.map { ReadRequest.Address(.history, StoreKey(id.rawValue, sub: UInt64($0))) }
        let found = try await rows.read(addresses)
        var records: [StoredRecord?] = []
        for (version, address) in zip(versions, addresses) {
            guard version != current.version else {
                records.append(current)
                continue
            }
            guard let bytes = found[address] ?? nil else {
                records.append(nil)
                continue
            }
            let home = try rows.row { () throws(RowError) in try HomeRow(decoding: bytes) }
            records.append(StoredRecord(home, id: id, golden: current.golden))
        }
        return records
    }
}

extension FanOut {
    /// Pages through blocks, each on the shard that owns its key; in no particular order.
    func blocks(_ keys: [UInt64], from: RecordID, limit: Int) async throws(ShardError) -> [BlockAnswer.Block] {
        let routing = routing
        var requests = [BlockRequest?](repeating: nil, count: routing.width)
        for key in keys {
            let shard = routing.place(ofHash: key)
            var request = requests[shard] ?? BlockRequest(keys: [], from: from, limit: limit)
            request.keys.append(key)
            requests[shard] = request
        }
        let answers = try await ask(requests) { shard, request throws(ShardError) in
            try await routing.client(shard).block(request)
        }
        return answers.flatMap { $0.1.blocks }
    }
}

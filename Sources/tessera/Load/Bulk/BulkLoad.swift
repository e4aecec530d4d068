internal import BatchLinkage
internal import Coordinator
internal import Demographics
internal import Foundation
internal import Identifiers
internal import Identity
internal import Matching
internal import PatientMapping
internal import RecordFiles
internal import RuleSets
internal import ShardStore
internal import Topology

/// Fills an empty registry from files, without servers: reads them twice, compares all records at once between.
///
///     read, key        in parallel
///     compare          blocks of sorted keys in place of a search for each record
///     read, decide     the live path's own decisions, in the order of the files
///     store            sorted runs of each shard, no log
struct BulkLoad: Sendable {
    /// What was done.
    struct Outcome: Sendable {
        /// Records stored; of several versions of one in the files, the last counts.
        var stored = 0
        /// Versions that a later one replaced.
        var replaced = 0
        /// Pairs that were compared, and those that weigh enough to be looked at.
        var pairs = 0
        var edges = 0
        /// Whether nothing was read, since an earlier run had got so far that it only had to be put in place.
        var isResumed = false
    }

    /// Records that are prepared together: enough for all cores, few enough to be no burden on memory.
    private static let group = 8_192
    /// Records that one task prepares.
    private static let portion = 512

    let directory: String
    let shards: Int
    let rules: RuleSet
    let input: BatchInput
    let isQuiet: Bool
    /// The keys that the stores are sealed under; `nil` for stores in clear.
    var vault: Vault?

    /// Carries it out.
    ///
    /// - Throws: a failure; run again then, it goes on or begins anew.
    func run() async throws -> (outcome: Outcome, tally: LoadTally?) {
        let stores = try BulkShards(directory: directory, count: shards, vault: vault)
        if try await stores.stage() == .whole {
            try await stores.putInPlace()
            return (Outcome(isResumed: true), nil)
        }
        try await stores.begin()
        var linkage = LinkRun(rules: rules)
        linkage.includesInactive = true
        var arrivals: [RecordID] = []
        let tally = try await input.read(isQuiet: isQuiet) { records in
            arrivals += records.map(\.key.id)
            try await linkage.add(records)
        }
        if !isQuiet { Terminal.note("comparing \(Quantity.count(arrivals.count)) records") }
        let neighbourhoods = try await linkage.compare()
        var outcome = Outcome(pairs: neighbourhoods.pairs, edges: neighbourhoods.edges)
        try await store(arrivals, neighbourhoods, stores, &outcome)
        outcome.replaced = arrivals.count - outcome.stored
        return (outcome, tally)
    }

    /// Reads the files again and stores what they hold.
    private func store(
        _ arrivals: [RecordID],
        _ neighbourhoods: Neighbourhoods,
        _ stores: BulkShards,
        _ outcome: inout Outcome
    ) async throws {
        var lasts = [Int](repeating: -1, count: neighbourhoods.ids.count)
        for (number, id) in arrivals.enumerated() {
            if let position = neighbourhoods.position(of: id) { lasts[position] = number }
        }
        let map = try ClusterSeed.embedded(shards: shards)
        var decisions = BulkDecisions(
            sequencer: BulkSequencer(rules: rules, map: map),
            neighbourhoods: neighbourhoods,
            now: UInt64(Date().timeIntervalSince1970 * 1_000)
        )
        var group: [(record: SourceRecord, patient: [UInt8]?)] = []
        var number = 0
        for path in input.patients.files {
            var reader = try RecordFileReader(path: path, options: input.patients.options)
            while let item = try reader.next() {
                guard case .record(_, let record, let patient) = item else { continue }
                defer { number += 1 }
                // The files must not change between the two times that they are read.
                guard number < arrivals.count, arrivals[number] == record.key.id else { throw Self.changed(path) }
                guard let place = neighbourhoods.position(of: record.key.id), lasts[place] == number else { continue }
                group.append((record, patient))
                guard group.count >= Self.group else { continue }
                try await decide(&group, &decisions, stores)
            }
        }
        guard number == arrivals.count else { throw Self.changed(input.patients.files.joined(separator: ", ")) }
        try await decide(&group, &decisions, stores)
        outcome.stored = decisions.count
        try await stores.finish(through: decisions.last)
    }

    private static func changed(_ path: String) -> CommandFailure {
        CommandFailure("\(path) changed while it was loaded; nothing was stored: run it again")
    }

    private func decide(
        _ group: inout [(record: SourceRecord, patient: [UInt8]?)],
        _ decisions: inout BulkDecisions,
        _ stores: BulkShards
    ) async throws {
        for write in await prepared(group) { try decisions.add(write) }
        group.removeAll(keepingCapacity: true)
        try await stores.take(decisions.take())
        if !isQuiet, decisions.count % (16 * Self.group) == 0 {
            Terminal.note("\(Quantity.count(decisions.count)) records stored")
        }
    }

    /// Normalised and keyed, with their documents, in the order given.
    private func prepared(_ group: [(record: SourceRecord, patient: [UInt8]?)]) async -> [BulkWrite] {
        let mapping = PatientMapping(settings: input.patients.options.mapping)
        let rules = rules
        let portions = stride(from: 0, to: group.count, by: Self.portion).map {
            group[$0..<min($0 + Self.portion, group.count)]
        }
        return await withTaskGroup(of: (Int, [BulkWrite]).self) { tasks in
            for (number, portion) in portions.enumerated() {
                tasks.addTask {
                    let writes = portion.map { record, patient in
                        let submission = Submission(record: record, document: patient ?? mapping.encoded(record))
                        return BulkWrite(submission, rules: rules)
                    }
                    return (number, writes)
                }
            }
            var done = [[BulkWrite]](repeating: [], count: portions.count)
            for await (number, writes) in tasks { done[number] = writes }
            return Array(done.joined())
        }
    }
}

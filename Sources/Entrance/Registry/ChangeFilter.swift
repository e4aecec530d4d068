internal import Coordinator
internal import Identifiers
internal import Identity

/// Takes those events out of a page of changes that are about records which a client may not see.
struct ChangeFilter {
    private let registry: any Registering
    private let isShown: (RecordKey) -> Bool
    private var records: [RecordID: Bool] = [:]
    private var persons: [GoldenID: Bool] = [:]

    init(_ registry: any Registering, _ isShown: @escaping (RecordKey) -> Bool) {
        self.registry = registry
        self.isShown = isShown
    }

    /// The page with what is left of it; it goes on where it went on.
    func applied(to page: ChangesPage) async throws(RegistryError) -> ChangesPage {
        var filter = self
        var page = page
        for index in page.entries.indices {
            var events: [IdentityEvent] = []
            for event in page.entries[index].events where try await filter.isVisible(event) { events.append(event) }
            page.entries[index].events = events
            if let record = page.entries[index].record, try await !filter.isVisible(record.record) {
                page.entries[index].record = nil
            }
        }
        page.entries.removeAll { $0.events.isEmpty && $0.record == nil }
        return page
    }

    private mutating func isVisible(_ event: IdentityEvent) async throws(RegistryError) -> Bool {
        switch event {
        case .recordLinked(let record, _, _), .recordRemoved(let record, _): return try await isVisible(record)
        case .personsMerged(let survivor, _): return try await isVisible(survivor)
        case .personSplit(let from, let new):
            guard try await !isVisible(from) else { return true }
            return try await isVisible(new)
        case .goldenRedirected(_, _, let golden), .goldenRetired(let golden): return try await isVisible(golden)
        case .reviewRaised(let task), .reviewSettled(let task): return try await isVisible(task.pair)
        }
    }

    /// Whether both records of a pair may be seen.
    mutating func isVisible(_ pair: RecordPair) async throws(RegistryError) -> Bool {
        guard try await isVisible(pair.a) else { return false }
        return try await isVisible(pair.b)
    }

    private mutating func isVisible(_ record: RecordID) async throws(RegistryError) -> Bool {
        if let known = records[record] { return known }
        let isVisible = try await registry.record(id: record).map { isShown($0.key) } ?? false
        records[record] = isVisible
        return isVisible
    }

    private mutating func isVisible(_ golden: GoldenID) async throws(RegistryError) -> Bool {
        if let known = persons[golden] { return known }
        let isVisible = try await registry.person(golden)?.members.contains { isShown($0.key) } ?? false
        persons[golden] = isVisible
        return isVisible
    }
}

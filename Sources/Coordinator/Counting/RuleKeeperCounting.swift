import Identifiers
import Matching
import RuleSets
import ShardProtocol
import Training

/// Counts of names and keys, kept up while this node leads, and the rules that are made of them.
extension RuleKeeper {
    /// Counts are stored again once this many changes were followed: what the next leader has to follow again.
    private static let storedEvery = 20_000
    /// Rests between two pages while clients write: a hundredth of a core.
    private static let restWhileBusy: Duration = .seconds(1)
    /// The longest rest of an order that somebody waits for, in milliseconds.
    private static let longestRest: UInt64 = 250

    // MARK: The order

    /// Begins to make rules with the counts of now; `countValues` does it.
    func beginRefresh(
        _ version: RuleSetVersion,
        _ alternative: String?,
        _ order: RulesOrder
    ) async throws(RegistryError) {
        guard reading != nil else { throw .invalid("the node that leads cannot read stored documents") }
        guard counting.refresh == nil else { throw .invalid("one refresh at a time") }
        guard book.transition == nil else { throw .invalid("a change of rules is under way") }
        let shelf = RuleShelf(fanOut: fanOut)
        let rules = version == fanOut.rules.version ? fanOut.rules : try await shelf.rules(version, in: book)
        let named = alternative ?? rules.frequencies?.alternative ?? "stranger"
        guard rules.alternatives.contains(where: { $0.name == named }) else {
            throw .invalid("the rules have no alternative \(named): say against which one names prove something")
        }
        counting.refresh = .init(rules: rules, alternative: named, by: order.by, comment: order.comment)
        counting.view = .init(from: version)
    }

    /// How it stands with the counts.
    var countingView: CountingView? {
        guard counting.counts != nil || counting.view != nil else { return nil }
        var view = CountingView()
        view.through = counting.counts?.through ?? .zero
        view.records = counting.counts?.records ?? 0
        view.refresh = counting.view
        return view
    }

    // MARK: Keeping up

    /// Keeps counts up, and carries out orders, until the task is cancelled.
    func countValues() async {
        while !Task.isCancelled {
            await clock.sleep(Self.trialPause)
            guard let reading else { continue }
            let rows = RowReader(fanOut: fanOut, limits: limits, clock: clock)
            let reader = ValueReader(rows: rows, reading: reading)
            do throws(RegistryError) {
                try await loadCounts()
                if counting.refresh == nil { try await followAtRest(reader) } else { try await refresh(reader) }
            } catch {
                giveUpCounting(error)
                await clock.sleep(Self.retry)
            }
        }
    }

    private func loadCounts() async throws(RegistryError) {
        guard !counting.isLoaded else { return }
        let stored = try await CountShelf(fanOut: fanOut).stored()
        counting.isLoaded = true
        counting.head = stored?.head
        counting.counts = stored?.counts
    }

    /// Whoever cannot be reached now is asked again; what does not fit is counted anew by the next order.
    private func giveUpCounting(_ error: RegistryError) {
        counting.view?.fault = error.text
        if case .unavailable = error { return }
        (counting.counts, counting.building) = (nil, nil)
        guard counting.refresh != nil else { return }
        counting.refresh = nil
        counting.view?.phase = .failed
    }

    /// Follows a page where somebody asked for counts once; seldom while clients write.
    private func followAtRest(_ reader: ValueReader) async throws(RegistryError) {
        guard counting.counts != nil || counting.building != nil, book.transition == nil else { return }
        let seen = sequencer.durable
        guard try await count(reader), sequencer.durable != seen else { return }
        await clock.sleep(Self.restWhileBusy)
    }

    /// Counts a page; whether there was anything to count.
    private func count(_ reader: ValueReader) async throws(RegistryError) -> Bool {
        let rules = CountingRules(fanOut.rules)
        guard counting.building == nil, counting.counts?.watchedBy == rules.digest else {
            return try await build(reader, rules)
        }
        let (through, durable) = (counting.counts?.through ?? .zero, sequencer.durable)
        guard through < durable else { return false }
        let changes = try await reader.changes(after: through, through: durable, rules)
        for change in changes.values {
            if let before = change.before, counting.counts?.remove(before) != true {
                throw .corrupt("what was counted does not fit what is stored")
            }
            if let now = change.now { counting.counts?.add(now) }
        }
        counting.counts?.through = changes.through
        counting.sinceStored += changes.values.count
        noteRead(changes.values.count)
        let isDue = counting.sinceStored >= max(Self.storedEvery, Int(counting.counts?.records ?? 0) / 4)
        if isDue { try await storeCounts() }
        return true
    }

    /// Counts a page of all records, as they were when that began.
    private func build(_ reader: ValueReader, _ rules: CountingRules) async throws(RegistryError) -> Bool {
        if counting.building?.watchedBy != rules.digest {
            counting.building = ValueCounts(through: sequencer.durable, watchedBy: rules.digest)
            counting.next = StoreKey(0)
        }
        let moment = counting.building?.through ?? .zero
        let page = try await reader.records(from: counting.next, asOf: moment, rules)
        for values in page.values { counting.building?.add(values) }
        noteRead(page.values.count)
        if let next = page.next {
            counting.next = next
        } else {
            counting.counts = counting.building
            counting.building = nil
            try await storeCounts()
        }
        return true
    }

    private func noteRead(_ records: Int) {
        guard counting.refresh != nil else { return }
        counting.view?.read += UInt64(records)
    }

    private func storeCounts() async throws(RegistryError) {
        guard let counts = counting.counts else { return }
        let (head, notes) = CountShelf.notes(counts, after: counting.head)
        for note in notes { try await write(note.name, note.bytes) }
        counting.head = head
        counting.sinceStored = 0
    }

    // MARK: Making rules

    /// Works for somebody who waits, and rests as long where clients write meanwhile.
    private func atPace<Result>(
        _ body: () async throws(RegistryError) -> Result
    ) async throws(RegistryError) -> Result {
        let (began, seen) = (clock.milliseconds(), sequencer.durable)
        let result = try await body()
        let now = clock.milliseconds()
        guard sequencer.durable != seen, now > began else { return result }
        await clock.sleep(.milliseconds(min(now - began, Self.longestRest)))
        return result
    }

    private func refresh(_ reader: ValueReader) async throws(RegistryError) {
        guard let order = counting.refresh else { return }
        let moment = sequencer.durable
        let digest = CountingRules(fanOut.rules).digest
        while counting.building != nil || counting.counts?.watchedBy != digest
            || counting.counts?.through ?? .zero < moment
        {
            guard !Task.isCancelled else { return }
            _ = try await atPace { () async throws(RegistryError) in try await count(reader) }
        }
        let hot = try await hotKeys(order.rules, asOf: moment, reader)
        guard let counts = counting.counts else { return }
        let refreshed: RuleSet
        do throws(RuleSetError) {
            refreshed = try order.rules.with(
                frequencies: counts.names.frequencies(against: order.alternative),
                hotKeys: hot
            )
        } catch {
            throw .invalid("the counts make no rule set: \(error)")
        }
        if counting.sinceStored > 0 { try await storeCounts() }
        guard book.transition == nil else { throw .invalid("the rules changed meanwhile") }
        let why =
            order.comment.isEmpty ? "names of \(counts.records) records, on \(order.rules.version)" : order.comment
        try await keepMade(refreshed, by: order.by, comment: why)
        counting.refresh = nil
        counting.view?.made = refreshed.version
        counting.view?.hotKeys = UInt64(hot.count)
        counting.view?.fault = ""
        counting.view?.phase = .complete
    }

    /// The keys that more records have than a block may.
    ///
    /// The blocks of the rules that decide are posted: they are as long as records have their keys. What these rules
    /// leave out was counted. Keys of other rules have to be made of every record.
    private func hotKeys(
        _ rules: RuleSet,
        asOf moment: Sequence,
        _ reader: ValueReader
    ) async throws(RegistryError) -> [UInt64] {
        var next: StoreKey? = StoreKey(0)
        guard rules.version == fanOut.rules.version else {
            let counted = CountingRules(rules, countsAllKeys: true)
            var keys: [UInt64] = []
            while let start = next {
                let page = try await atPace { () async throws(RegistryError) in
                    try await reader.records(from: start, asOf: moment, counted)
                }
                for values in page.values { keys += values.keys }
                next = page.next
            }
            return HotKey.beyond(rules.blockLimit, in: keys)
        }
        var blocks = ValueReader.Blocks()
        while let start = next {
            let page = try await atPace { () async throws(RegistryError) in
                try await reader.postings(from: start)
            }
            for row in page.rows { blocks.add(row, limit: rules.blockLimit) }
            next = page.next
        }
        let left = counting.counts?.watched.filter { $0.value > rules.blockLimit }.map(\.key) ?? []
        return (try await reader.made(blocks) + left).sorted()
    }
}

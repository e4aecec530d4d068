internal import Identifiers
internal import Matching
public import ShardProtocol

/// A shard's store as a machine without threads, clock or disk: requests and results go in, effects come out.
///
/// A commit is visible, and is answered, only after `appended` said that its frame is durable: the order is in the
/// effects and cannot be got wrong by the shell. It is used by one thread at a time.
public final class StoreCore {
    struct Waiting {
        /// Who asked, more than one where a message came again while it was under way.
        var tickets: [StoreTicket]
        let entry: LogEntry
        let rules: RuleSet?
    }

    /// A rule set and the number of the frame that brought it.
    struct InstalledRules {
        let number: UInt64
        let key: StoreKey
        let set: RuleSet
    }

    let configuration: StoreConfiguration
    let reader: any StateReader
    var search = CandidateSearch()
    var active: Delta
    var frozen: Delta?
    var waiting: [Waiting] = []
    var waitingBytes = 0
    var inFlight: [Waiting] = []
    var flushFailure: StoreError?
    var epoch: Epoch
    /// The last commits, as they are in the log.
    var tail: LogTail
    var rules: [InstalledRules] = []
    var counts = StoreCounters()
    /// What reading found to be damaged.
    private(set) var damage: [String] = []
    private static let damageLimit = 16
    /// What the last opening found.
    public let recovery: LogReplay

    init(
        configuration: StoreConfiguration,
        reader: any StateReader,
        active: Delta,
        tail: LogTail,
        recovery: LogReplay
    ) {
        if let contradiction = configuration.contradiction { preconditionFailure(contradiction) }
        self.configuration = configuration
        self.reader = reader
        self.active = active
        self.tail = tail
        self.recovery = recovery
        epoch = active.mark.epoch
    }

    /// What the store has done so far.
    public var counters: StoreCounters {
        var counters = counts
        counters.postingsRead = search.cost.postings
        counters.bounded = search.cost.bounded
        counters.scored = search.cost.scored
        counters.deltaBytes = UInt64(active.bytes + (frozen?.bytes ?? 0))
        counters.waitingBytes = UInt64(waitingBytes)
        return counters
    }

    /// Takes a request; its answer is among these effects or later ones.
    public func handle(_ request: ShardRequest, _ ticket: StoreTicket, into effects: inout [StoreEffect]) {
        do throws(StoreError) {
            switch request {
            case .commit(let commit): take(commit, ticket, into: &effects)
            case .install(let bytes): try install(bytes, ticket, into: &effects)
            case .fence(let epoch): fence(epoch, ticket, into: &effects)
            case .candidates(let request): effects.append(.answer(ticket, try candidates(request)))
            case .read(let request): effects.append(.answer(ticket, try read(request)))
            case .scan(let request): effects.append(.answer(ticket, try scan(request)))
            case .block(let request): effects.append(.answer(ticket, try blocks(request)))
            case .status: effects.append(.answer(ticket, .status(try status())))
            case .postings(let request): effects.append(.answer(ticket, try postings(request)))
            case .posted(let request): effects.append(.answer(ticket, try posted(request)))
            case .digest(let request): effects.append(.answer(ticket, try digest(request)))
            case .tail(let isWhole): effects.append(.answer(ticket, tailAnswer(withOperations: isWhole)))
            case .ruleSets: effects.append(.answer(ticket, ruleSets()))
            case .dropDamaged:
                effects.append(.answer(ticket, .failure(.badRequest("a store that is open cannot be mended"))))
            case .guarded(let least, let request):
                if position < least {
                    effects.append(.answer(ticket, .failure(.behind(at: position))))
                } else {
                    handle(request, ticket, into: &effects)
                }
            }
        } catch {
            note(error)
            effects.append(.answer(ticket, .failure(ShardError(error))))
        }
    }

    /// Remembers damage, so that the status tells it.
    private func note(_ error: StoreError) {
        guard error.isDamage, damage.count < StoreCore.damageLimit, !damage.contains(error.description) else { return }
        damage.append(error.description)
    }

    /// Whether nothing waits for the log and no flush is under way.
    ///
    /// A flush that failed does not count: what it holds is in the log.
    public var isIdle: Bool { waiting.isEmpty && inFlight.isEmpty && (frozen == nil || flushFailure != nil) }

    /// Runs a reading under a snapshot of the state.
    func view<Result>(_ body: (StoreView) throws(StoreError) -> Result) throws(StoreError) -> Result {
        try reader.begin()
        defer { reader.end() }
        return try body(StoreView(active: active, frozen: frozen, state: reader))
    }
}

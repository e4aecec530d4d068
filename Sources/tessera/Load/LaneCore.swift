internal import Transport

/// One lane of a load as a state machine: events in, effects out, no clock, no network.
///
/// A lane has one stream at a time. What it sends stays with it until a result says that it is durable or rejected;
/// when the stream breaks, or the server asks to come back later, the rest is sent again over the next stream, in the
/// same order and before anything new. A server that is sent a record twice stores it once.
///
/// When a record has to be sent again, later records with the same key are sent again behind it even if they were
/// stored, so that the last version in the file is the last one in the registry.
struct LaneCore {
    /// What happened.
    enum Event: Sendable {
        /// The reader gave a batch, or `nil` at the end of the input.
        case batch(LoadBatch?)
        /// The stream took what was written, or will take no more.
        case written(isOpen: Bool)
        /// Status and header fields of the answer, or why there are none.
        case head(Result<HTTPResponseHead, TransportError>)
        /// A piece of the answer, `nil` at its end, or why it broke off.
        case chunk(Result<[UInt8]?, TransportError>)
        /// A pause is over.
        case wake
        /// A second has passed with a stream open.
        case tick
    }

    /// What is to be done.
    enum Effect: Sendable, Equatable {
        /// Ask the reader for a batch.
        case read
        /// Open a stream and wait for its head.
        case open
        /// Write to the stream.
        case write([UInt8])
        /// End the request.
        case finish
        /// Read the next piece of the answer.
        case receive
        /// Give the stream up.
        case cancel
        /// Come back after a pause.
        case pause(Duration)
        /// Tell the tally.
        case report(LaneReport)
        /// The load cannot go on.
        case fail(CommandFailure)
        /// Everything that was read has been answered.
        case done
    }

    private enum Phase { case closed, open, draining, pausing, over }

    private let settings: LaneSettings
    private let url: ServerURL
    private var phase = Phase.closed
    private var sent = SentBatches()
    /// To be sent again, before anything new.
    private var again: [LoadBatch] = []
    /// What this stream has shown to need another try, in order, with its keys.
    private var repeats = LoadBatch()
    private var repeatKeys: Set<UInt64> = []
    private var fresh: LoadBatch?
    private var hasEnded = false
    private var isReading = false
    private var isWriting = false
    private var canWrite = true
    private var hasFinished = false
    private var status = 0
    private var retryAfter: Duration?
    private var carry: [UInt8] = []
    private var line = 0
    private var pauseLength: Duration
    private var lastProgress: ContinuousClock.Instant
    private var opened: ContinuousClock.Instant
    private var lastTrouble = ""

    /// A lane that begins now.
    init(_ settings: LaneSettings, url: ServerURL, now: ContinuousClock.Instant) {
        self.settings = settings
        self.url = url
        pauseLength = settings.firstPause
        lastProgress = now
        opened = now
    }

    /// What to do at the beginning.
    mutating func start() -> [Effect] {
        isReading = true
        return [.read]
    }

    /// Takes an event.
    mutating func handle(_ event: Event, now: ContinuousClock.Instant) -> [Effect] {
        guard phase != .over else { return [] }
        var effects: [Effect] = []
        switch event {
        case .batch(let batch):
            isReading = false
            fresh = batch
            hasEnded = batch == nil
        case .written(let isOpen):
            isWriting = false
            canWrite = canWrite && isOpen
        case .head(let result): take(result, now, &effects)
        case .chunk(let result): take(result, now, &effects)
        case .wake: if phase == .pausing { phase = .closed }
        case .tick: look(now, &effects)
        }
        pump(now, &effects)
        return effects
    }

    // MARK: Sending

    private var hasWork: Bool { !again.isEmpty || fresh != nil }

    private mutating func pump(_ now: ContinuousClock.Instant, _ effects: inout [Effect]) {
        if phase == .closed {
            if hasWork {
                open(now, &effects)
            } else if hasEnded {
                phase = .over
                effects.append(.done)
            }
        }
        if phase == .open { send(now, &effects) }
        if phase == .draining { endRequest(&effects) }
        if !isReading, !hasEnded, fresh == nil, phase != .over {
            isReading = true
            effects.append(.read)
        }
    }

    private mutating func open(_ now: ContinuousClock.Instant, _ effects: inout [Effect]) {
        phase = .open
        opened = now
        isWriting = false
        canWrite = true
        hasFinished = false
        status = 0
        retryAfter = nil
        line = 0
        carry = []
        effects.append(.open)
    }

    private mutating func send(_ now: ContinuousClock.Instant, _ effects: inout [Effect]) {
        guard !isWriting, canWrite else { return }
        guard sent.records < settings.windowRecords, sent.bytes < settings.windowBytes else { return }
        let batch: LoadBatch
        if !again.isEmpty {
            batch = again.removeFirst()
        } else if let next = fresh {
            batch = next
            fresh = nil
            // Waiting for the file was no trouble of the server's.
            if sent.isEmpty { lastProgress = now }
        } else {
            if hasEnded { phase = .draining }
            return
        }
        sent.append(batch)
        isWriting = true
        effects.append(.write(batch.bytes))
    }

    private mutating func endRequest(_ effects: inout [Effect]) {
        guard !hasFinished, !isWriting else { return }
        hasFinished = true
        if canWrite { effects.append(.finish) }
    }

    // MARK: Receiving

    private mutating func take(
        _ result: Result<HTTPResponseHead, TransportError>,
        _ now: ContinuousClock.Instant,
        _ effects: inout [Effect]
    ) {
        switch result {
        case .failure(let error): broken(by: error, now, &effects)
        case .success(let head):
            status = head.status
            retryAfter = head.headers.integer("retry-after").map { .seconds(min(max($0, 0), 3_600)) }
            effects.append(.receive)
        }
    }

    private mutating func take(
        _ result: Result<[UInt8]?, TransportError>,
        _ now: ContinuousClock.Instant,
        _ effects: inout [Effect]
    ) {
        switch result {
        case .failure(let error):
            guard status == 200 else { return refused(now, &effects) }
            broken(by: error, now, &effects)
        case .success(nil):
            guard status == 200 else { return refused(now, &effects) }
            ended(now, &effects)
        case .success(let chunk?):
            if status == 200 {
                guard let report = results(in: chunk, &effects) else { return }
                if report.acknowledged + report.rejections.count > 0 { progress(now) }
                effects.append(.report(report))
            } else if carry.count < 1 << 16 {
                carry.append(contentsOf: chunk)
            }
            effects.append(.receive)
        }
    }

    private mutating func progress(_ now: ContinuousClock.Instant) {
        lastProgress = now
        pauseLength = settings.firstPause
    }

    /// Takes the whole lines of the answer so far; `nil` after an answer that makes no sense.
    private mutating func results(in chunk: [UInt8], _ effects: inout [Effect]) -> LaneReport? {
        var text = chunk
        if !carry.isEmpty {
            carry.append(contentsOf: chunk)
            text = carry
            carry = []
        }
        var report = LaneReport()
        var start = 0
        while let end = text[start...].firstIndex(of: 0x0A) {
            line += 1
            guard let result = try? LoadResultLine(parsing: text.span.extracting(start..<end).bytes),
                result.line == line,
                let (batch, index) = sent.next()
            else {
                phase = .over
                effects.append(.cancel)
                effects.append(
                    .fail(CommandFailure("\(url) answered a load with something else: is it a Tessera server?"))
                )
                return nil
            }
            take(result.outcome, batch, index, &report)
            start = end + 1
        }
        carry = Array(text[start...])
        return report
    }

    private mutating func take(
        _ outcome: LoadResultLine.Outcome,
        _ batch: LoadBatch,
        _ index: Int,
        _ report: inout LaneReport
    ) {
        let entry = batch.entries[index]
        switch outcome {
        case .stored(let isCreated):
            if repeatKeys.contains(entry.key) {
                repeats.add(index, of: batch)
            } else {
                report.acknowledged += 1
                if isCreated { report.created += 1 }
            }
        case .retry(let reason):
            lastTrouble = reason
            repeats.add(index, of: batch)
            repeatKeys.insert(entry.key)
            report.retried += 1
            if phase == .open { phase = .draining }
        case .rejected(let code, let field, let message):
            report.rejections.append(
                LoadRejection(
                    file: entry.file,
                    line: entry.line,
                    document: Array(batch.document(index)),
                    code: code,
                    field: field,
                    reason: message
                )
            )
        }
    }

    // MARK: Trouble

    /// The answer is complete.
    private mutating func ended(_ now: ContinuousClock.Instant, _ effects: inout [Effect]) {
        if !sent.isEmpty { lastTrouble = "the answer ended early" }
        close(now, &effects)
    }

    private mutating func broken(
        by error: TransportError,
        _ now: ContinuousClock.Instant,
        _ effects: inout [Effect]
    ) {
        switch error.code {
        case .tls, .closed: fail(RegistryClient.failure(url, error), &effects)
        default:
            lastTrouble = RegistryClient.words(error)
            close(now, &effects)
        }
    }

    /// The server answered something else than 200.
    private mutating func refused(_ now: ContinuousClock.Instant, _ effects: inout [Effect]) {
        let failure = RegistryClient.failure(url, LoadLane.path, status, carry)
        switch status {
        case 408, 425, 429, 500, 502, 503, 504:
            lastTrouble = "\(failure)"
            close(now, &effects)
        default: fail(failure, &effects)
        }
    }

    /// The stream is over: what has no result goes over the next one.
    private mutating func close(_ now: ContinuousClock.Instant, _ effects: inout [Effect]) {
        let unanswered = sent.removeAll()
        let lost = unanswered.reduce(0) { $0 + $1.entries.count }
        if lost > 0 {
            var report = LaneReport()
            report.retried = lost
            effects.append(.report(report))
        }
        again = (repeats.isEmpty ? [] : [repeats]) + unanswered + again
        repeats = LoadBatch()
        repeatKeys = []
        carry = []
        effects.append(.cancel)
        let isRefusal = status != 0 && status != 200
        guard !again.isEmpty || (isRefusal && hasWork) else {
            phase = .closed
            return
        }
        guard lastProgress.duration(to: now) < settings.patience else {
            let waited = Quantity.time(seconds: settings.patience / .seconds(1))
            let words =
                "\(url) acknowledged nothing for \(waited) (\(lastTrouble)); run the same command again to go on"
            fail(CommandFailure(words), &effects)
            return
        }
        phase = .pausing
        effects.append(.pause(max(pauseLength, retryAfter ?? .zero)))
        pauseLength = min(pauseLength * 2, settings.longestPause)
    }

    /// Gives a stream up that answers nothing.
    private mutating func look(_ now: ContinuousClock.Instant, _ effects: inout [Effect]) {
        guard phase == .open || phase == .draining, !sent.isEmpty else { return }
        guard max(lastProgress, opened).duration(to: now) >= settings.stall else { return }
        lastTrouble = "the server takes records and answers nothing"
        close(now, &effects)
    }

    private mutating func fail(_ failure: CommandFailure, _ effects: inout [Effect]) {
        phase = .over
        effects.append(.cancel)
        effects.append(.fail(failure))
    }
}

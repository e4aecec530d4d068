internal import Coordinator
internal import FHIR
internal import Identifiers
internal import Telemetry

/// Carries a stream of lines through the registry: several pieces at a time, results in the order of the lines.
///
/// Lines are decoded in order, in this task; pieces are submitted side by side. Two versions of one record are never
/// under way at the same time, so that the later line wins. A piece is sent off when it is large enough, or when
/// nothing else is under way: a sender that waits for each result gets it at once.
///
/// Budget: 15 µs a record of 1.2 KB on one core, decoding and results together.
struct LoadPipeline<Failure: Error>: Sendable {
    private enum Event: Sendable {
        case read(Result<[UInt8]?, Failure>)
        case answered(Int, [UInt8])
    }

    private struct State {
        var splitter: LineSplitter
        var line = 0
        var isReading = false
        /// The sender has said all, or broken off.
        var hasEnded = false
        var failure: Failure?
        var piece = LoadPiece()
        /// The records of the pieces under way, by number of the piece.
        var underWay: [Int: Set<RecordID>] = [:]
        var answers: [Int: [UInt8]] = [:]
        var nextPiece = 0
        var nextAnswer = 0

        var isDone: Bool { hasEnded && piece.isEmpty && underWay.isEmpty }
    }

    /// Stores a piece.
    let submit: @Sendable ([Submission]) async -> [SubmissionOutcome]
    let configuration: GatewayConfiguration
    let metrics: GatewayMetrics
    /// The next chunk of the stream; `nil` at its end.
    let input: @Sendable () async throws(Failure) -> [UInt8]?
    /// Takes results; waits while the client does not read.
    let output: @Sendable ([UInt8]) async throws(Failure) -> Void

    private var limits: GatewayLimits { configuration.limits }

    /// Runs to the end of the stream.
    ///
    /// - Throws: what `input` or `output` threw; everything read before is carried out.
    func run() async throws(Failure) {
        metrics.loadStreams.add(1)
        defer { metrics.loadStreams.add(-1) }
        let result = await withTaskGroup(of: Event.self) { group in
            var state = State(splitter: LineSplitter(limit: limits.loadLineBytes))
            while true {
                startPieces(&state, &group)
                startReading(&state, &group)
                if state.isDone { break }
                guard let event = await group.next() else { break }
                take(event, &state)
                if let failure = await write(&state) {
                    group.cancelAll()
                    return Result<Void, Failure>.failure(failure)
                }
            }
            return state.failure.map { .failure($0) } ?? .success(())
        }
        try result.get()
    }

    private func startPieces(_ state: inout State, _ group: inout TaskGroup<Event>) {
        while state.underWay.count < limits.loadPiecesInFlight {
            gather(&state)
            guard isReady(state) else { return }
            let piece = state.piece
            let number = state.nextPiece
            state.piece = LoadPiece()
            state.nextPiece += 1
            state.underWay[number] = piece.ids
            group.addTask { [submit, metrics] in
                let outcomes = piece.submissions.isEmpty ? [] : await submit(piece.submissions)
                metrics.wrote(outcomes)
                return .answered(number, LoadAnswer.lines(piece, outcomes))
            }
        }
    }

    /// Moves lines from the splitter into the piece.
    private func gather(_ state: inout State) {
        while !isFull(state.piece), let line = state.splitter.next() { take(line, &state) }
        if state.hasEnded, state.failure == nil, !isFull(state.piece), let rest = state.splitter.rest() {
            take(rest, &state)
        }
    }

    private func take(_ line: LineSplitter.Line, _ state: inout State) {
        state.line += 1
        metrics.loadLines.add()
        switch line {
        case .tooLong:
            let fault = DoorFault(413, .tooLong, "the line is longer than \(limits.loadLineBytes) bytes")
            state.piece.add(fault, line: state.line, entry: nil)
        case .text(let bytes):
            guard !bytes.isEmpty else { return }
            LoadDecoding.add(Array(bytes), line: state.line, to: &state.piece, configuration, metrics)
        }
    }

    private func isFull(_ piece: LoadPiece) -> Bool {
        piece.entries.count >= limits.loadPieceRecords || piece.bytes >= limits.loadPieceBytes
    }

    private func isReady(_ state: State) -> Bool {
        guard !state.piece.isEmpty else { return false }
        let isWorthIt =
            isFull(state.piece) || state.piece.entries.count >= limits.loadPieceEnough || state.hasEnded
            || state.underWay.isEmpty
        return isWorthIt && state.underWay.values.allSatisfy { $0.isDisjoint(with: state.piece.ids) }
    }

    private func startReading(_ state: inout State, _ group: inout TaskGroup<Event>) {
        guard !state.isReading, !state.hasEnded, !isFull(state.piece),
            state.splitter.waiting <= max(limits.loadReadAheadBytes, limits.loadLineBytes)
        else { return }
        state.isReading = true
        group.addTask { [input] in
            do throws(Failure) {
                return .read(.success(try await input()))
            } catch {
                return .read(.failure(error))
            }
        }
    }

    private func take(_ event: Event, _ state: inout State) {
        switch event {
        case .read(let result):
            state.isReading = false
            switch result {
            case .success(let chunk?): state.splitter.push(chunk)
            case .success(nil): state.hasEnded = true
            case .failure(let failure):
                // The line that broke off is not a line: it is left where it is.
                state.hasEnded = true
                state.failure = failure
            }
        case .answered(let number, let lines):
            state.underWay[number] = nil
            state.answers[number] = lines
        }
    }

    /// Hands on the results that are next in order.
    private func write(_ state: inout State) async -> Failure? {
        while let lines = state.answers.removeValue(forKey: state.nextAnswer) {
            state.nextAnswer += 1
            do throws(Failure) {
                try await output(lines)
            } catch {
                return error
            }
        }
        return nil
    }
}

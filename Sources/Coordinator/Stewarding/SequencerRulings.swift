import Bytes
import Identifiers
import Identity
import ShardProtocol

/// How the sequencer carries rulings out and keeps the book of them.
extension Sequencer {
    /// Why a ruling is not carried out.
    struct Refused: Error {
        var reason: String
    }

    /// What carrying a ruling out leads to.
    private typealias Judgement = Result<Ruling, Refused>

    /// Carries a ruling out that stores no record.
    mutating func rule(_ request: RulingRequest, _ step: inout DecisionStep) throws(RowError) -> WriteOutcome {
        let judgement: Judgement
        switch request.order {
        case .persons(let order): judgement = try judge(order, request, &step)
        case .stated(let kind, let pair): judgement = try state(kind, pair, request, &step)
        case .free(let pair): judgement = try free(pair, request, &step)
        case .undo(let number): judgement = try undo(number, request, &step)
        case .approve(let number): judgement = try approve(number, request, &step)
        case .decline(let number): judgement = try decline(number, request, &step)
        case .reject(let record): judgement = try reject(record, request, &step)
        case .release: judgement = .failure(Refused(reason: "a held update is released with what is held"))
        }
        switch judgement {
        case .success(let ruling): return .ruled(ruling)
        case .failure(let refused): return .refusedDecision(refused.reason)
        }
    }

    // MARK: Rulings about persons

    private mutating func judge(
        _ order: StewardOrder,
        _ request: RulingRequest,
        _ step: inout DecisionStep
    ) throws(RowError) -> Judgement {
        var ruling = try newRuling(order.kind, request, step)
        ruling.records = order.records
        return try carry(order, in: &ruling, request, &step)
    }

    /// Enters what a source states; what holds already is told with the number 0 and not entered.
    private mutating func state(
        _ kind: StewardDecision.Kind,
        _ pair: RecordPair,
        _ request: RulingRequest,
        _ step: inout DecisionStep
    ) throws(RowError) -> Judgement {
        let order: StewardOrder = kind == .mustLink ? .link(pair) : .never(pair)
        let decisions = try component(of: pair.a, step)?.component.decisions ?? []
        guard !decisions.contains(where: { $0.pair == pair && $0.kind == kind }) else {
            var ruling = try newRuling(order.kind, request, step)
            ruling.number = 0
            ruling.records = order.records
            return .success(ruling)
        }
        return try judge(order, request, &step)
    }

    static let undecided = "nobody has decided about these two records"

    /// Puts the decision about two records aside.
    private mutating func free(
        _ pair: RecordPair,
        _ request: RulingRequest,
        _ step: inout DecisionStep
    ) throws(RowError) -> Judgement {
        let decisions = try component(of: pair.a, step)?.component.decisions ?? []
        guard let standing = decisions.filter({ $0.pair == pair }).max(by: { $0.at < $1.at }) else {
            return .failure(Refused(reason: Self.undecided))
        }
        return try judge(.restore([StewardVerdict(pair: pair, before: standing, after: nil)]), request, &step)
    }

    /// Works the plan of an order out, and stores what comes of it unless a second steward has to agree first.
    private mutating func carry(
        _ order: StewardOrder,
        in ruling: inout Ruling,
        _ request: RulingRequest,
        _ step: inout DecisionStep
    ) throws(RowError) -> Judgement {
        var parts = Parts(nil)
        for record in order.records {
            guard let part = try component(of: record, step) else {
                return .failure(Refused(reason: "a ruling names stored records"))
            }
            parts.insert(part)
        }
        let sequence = next
        var birth = next
        let plan: StewardPlan
        do throws(IdentityError) {
            plan = try engine.plan(
                order,
                by: ruling.by,
                comment: ruling.comment,
                at: sequence,
                on: parts.components,
                nextBirth: &birth
            )
        } catch {
            return .failure(Refused(reason: Self.words(error)))
        }
        if let expected = request.expected, expected != plan.digest {
            return .failure(Refused(reason: "the effect is another one than was shown: ask for a preview again"))
        }
        ruling.verdicts = plan.verdicts
        ruling.moves = plan.moves
        let isLarge = stewards.fourEyesFrom > 0 && plan.largestMerge >= stewards.fourEyesFrom
        if isLarge, ruling.second.isEmpty, ruling.kind != .undo, !request.order.isStated {
            ruling.state = .proposed
            next = next.next
        } else {
            ruling.state = .standing
            ruling.sequence = sequence
            next = max(next.next, birth)
            record(plan.resolution, of: parts, at: sequence, &step)
        }
        write(ruling, &step)
        return .success(ruling)
    }

    private mutating func approve(
        _ number: UInt64,
        _ request: RulingRequest,
        _ step: inout DecisionStep
    ) throws(RowError) -> Judgement {
        guard var ruling = try ruling(number, step), ruling.state == .proposed, let order = ruling.order else {
            return .failure(Refused(reason: "there is no such ruling that waits for a second steward"))
        }
        guard ruling.by != request.by else {
            return .failure(Refused(reason: "somebody else than who proposed it has to agree"))
        }
        ruling.second = request.by
        return try carry(order, in: &ruling, request, &step)
    }

    private mutating func decline(
        _ number: UInt64,
        _ request: RulingRequest,
        _ step: inout DecisionStep
    ) throws(RowError) -> Judgement {
        guard var ruling = try ruling(number, step), ruling.state == .proposed else {
            return .failure(Refused(reason: "there is no such ruling that waits for a second steward"))
        }
        ruling.state = .declined
        ruling.second = request.by
        next = next.next
        write(ruling, &step)
        return .success(ruling)
    }

    // MARK: Undoing

    private mutating func undo(
        _ number: UInt64,
        _ request: RulingRequest,
        _ step: inout DecisionStep
    ) throws(RowError) -> Judgement {
        guard var target = try ruling(number, step), target.state == .standing else {
            return .failure(Refused(reason: "there is no such ruling that holds"))
        }
        var ruling = try newRuling(.undo, request, step)
        ruling.undoes = number
        ruling.records = target.records
        if target.kind == .reject {
            guard let record = target.records.first, value(.held(record), step) == nil else {
                return .failure(Refused(reason: "another update of the record is held"))
            }
            put(.held(record), target.held, &step)
            ruling.isRestored = true
            next = next.next
            write(ruling, &step)
        } else if target.kind == .release {
            return .failure(Refused(reason: "a stored update is taken back with the version before it"))
        } else {
            let judged = try carry(.restore(target.verdicts.map(\.inverse)), in: &ruling, request, &step)
            guard case .success(var done) = judged else { return judged }
            done.isRestored = try isRestored(target, step)
            write(done, &step)
            ruling = done
        }
        target.state = .undone
        target.undoneBy = ruling.number
        write(target, &step)
        return .success(ruling)
    }

    /// Whether every record that a ruling moved is where it came from.
    private func isRestored(_ target: Ruling, _ step: DecisionStep) throws(RowError) -> Bool {
        for move in target.moves where try linkRow(move.record, step)?.golden != move.from { return false }
        return true
    }

    // MARK: Held updates

    private mutating func reject(
        _ record: RecordID,
        _ request: RulingRequest,
        _ step: inout DecisionStep
    ) throws(RowError) -> Judgement {
        guard let held = value(.held(record), step) else {
            return .failure(Refused(reason: "no update of this record is held"))
        }
        var ruling = try newRuling(.reject, request, step)
        ruling.records = [record]
        ruling.held = held
        put(.held(record), nil, &step)
        next = next.next
        write(ruling, &step)
        return .success(ruling)
    }

    private static let changed = "the record has changed since: the question is over"

    /// Whether a record may be stored by a ruling.
    func mayStore(_ write: PreparedWrite, _ request: RulingRequest, _ step: DecisionStep) throws(RowError) -> String? {
        switch request.order {
        case .release(let record):
            guard record == write.id, value(.held(record), step) != nil else {
                return "no update of this record is held"
            }
        case .undo(let number):
            guard let target = try ruling(number, step), target.state == .standing else {
                return "there is no such ruling that holds"
            }
            let home = try homeRow(write.id, step)
            // A merge that a source stated is taken back with the record that it replaced.
            let isReplacement = target.kind == .link && target.records.contains(write.id) && home?.replaced == true
            guard isReplacement || target.kind == .release && target.records == [write.id] else {
                return "there is no such ruling that holds"
            }
            if refuse(write, home) != nil { return Self.changed }
        default: return "the ruling stores no record"
        }
        return nil
    }

    /// Enters a ruling that stored a record.
    mutating func enter(
        _ request: RulingRequest,
        _ outcome: WriteOutcome,
        _ step: inout DecisionStep
    ) throws(RowError) -> WriteOutcome {
        guard case .submission(.stored(let stored)) = outcome else {
            if case .submission(.unavailable) = outcome { return outcome }
            return .refusedDecision(Self.changed)
        }
        var ruling = try newRuling(.release, request, step)
        ruling.records = [stored.id]
        ruling.version = stored.version
        ruling.sequence = Sequence(next.rawValue - 1)
        if case .undo(let number) = request.order, var target = try self.ruling(number, step) {
            ruling.kind = .undo
            ruling.undoes = number
            ruling.isRestored = true
            target.state = .undone
            target.undoneBy = ruling.number
            write(target, &step)
        } else {
            put(.held(stored.id), nil, &step)
        }
        write(ruling, &step)
        return .ruled(ruling)
    }

    /// Completes the undoing of a merge with the version that the record has again.
    mutating func enter(_ ruling: Ruling, _ outcome: WriteOutcome, _ step: inout DecisionStep) -> WriteOutcome {
        guard case .submission(.stored(let stored)) = outcome else { return .ruled(ruling) }
        var ruling = ruling
        ruling.version = stored.version
        write(ruling, &step)
        return .ruled(ruling)
    }

    // MARK: The book

    private func newRuling(
        _ kind: Ruling.Kind,
        _ request: RulingRequest,
        _ step: DecisionStep
    ) throws(RowError) -> Ruling {
        Ruling(
            number: try rulingCount(step) + 1,
            kind: kind,
            state: .standing,
            sequence: .zero,
            at: step.now,
            by: request.by,
            comment: request.comment,
            second: "",
            records: [],
            verdicts: [],
            moves: [],
            undoes: 0,
            undoneBy: 0,
            isRestored: false
        )
    }

    func ruling(_ number: UInt64, _ step: DecisionStep) throws(RowError) -> Ruling? {
        guard let bytes = value(.ruling(number), step) else { return nil }
        return try Ruling(decoding: bytes)
    }

    private func rulingCount(_ step: DecisionStep) throws(RowError) -> UInt64 {
        guard let bytes = value(.rulingCount, step) else { return 0 }
        return try RulingCount.number(decoding: bytes)
    }

    private mutating func write(_ ruling: Ruling, _ step: inout DecisionStep) {
        put(.ruling(ruling.number), ruling.encoded(), &step)
        if value(.rulingCount, step).flatMap({ try? RulingCount.number(decoding: $0) }) ?? 0 < ruling.number {
            put(.rulingCount, RulingCount.encoded(ruling.number), &step)
        }
    }

    /// A refusal of the identity step in words for a steward.
    static func words(_ error: IdentityError) -> String {
        switch error {
        case .orderRefused(let reason): reason
        case .missingRecords: "a ruling names stored records"
        case .tooManyDecisions, .tooManyAnchors: "the component holds too many decisions"
        case .duplicateRecord, .unknownVersion, .badValue, .bytes:
            "the records do not fit together; a scrub is needed"
        }
    }
}

/// How many rulings the book holds, as stored.
enum RulingCount {
    static func encoded(_ number: UInt64) -> [UInt8] {
        var writer = ByteWriter(capacity: 9)
        writer.write(UInt8(1))
        writer.write(number)
        return writer.bytes
    }

    static func number(decoding bytes: [UInt8]) throws(RowError) -> UInt64 {
        try RowError.decode(bytes, table: .meta) { reader throws(ByteError) in try reader.read() }
    }
}

extension RulingOrder {
    /// Whether a source says it, and not a steward.
    var isStated: Bool {
        guard case .stated = self else { return false }
        return true
    }
}

extension StewardOrder {
    /// What an order is in the book.
    var kind: Ruling.Kind {
        switch self {
        case .link: .link
        case .never: .never
        case .merge: .merge
        case .split: .split
        case .restore: .undo
        }
    }
}

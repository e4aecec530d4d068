import Bytes
public import Identifiers

/// Everything that a coordinator can ask of a shard.
public enum ShardRequest: Sendable, Equatable {
    /// Find and score candidates.
    case candidates(CandidatesRequest)
    /// Read rows.
    case read(ReadRequest)
    /// Write, durably.
    case commit(CommitRequest)
    /// Walk a table.
    case scan(ScanRequest)
    /// Page through blocks, unscored.
    case block(BlockRequest)
    /// Install a rule set, given in its canonical encoding.
    case install(rules: [UInt8])
    /// Refuse every epoch below this one from now on, durably; answered with the status.
    case fence(Epoch)
    /// Say how things are.
    case status
    /// Walk the postings.
    case postings(PostingsRequest)
    /// Read single postings.
    case posted(PostedRequest)
    /// Say what is in slots, as digests.
    case digest(DigestRequest)
    /// Say where the store stands and what its last commit message was, its operations included or not.
    case tail(withOperations: Bool)
    /// Give the rule sets that are installed, in their canonical encodings.
    case ruleSets
    /// Give up what is damaged in the store, and forget how far it came; answered with the status.
    ///
    /// For a replica that is out of sync and is filled from another one: what it holds counts no more. An older
    /// leader, who may not know that it is in sync again, is refused.
    case dropDamaged(Epoch)
    /// Do something only if the store has come as far as this position; else fail with `behind`.
    ///
    /// This is how a replica that was wiped, or put back to an old copy, is found out by whatever it is asked first.
    indirect case guarded(StorePosition, ShardRequest)
}

/// What a shard answers.
public enum ShardAnswer: Sendable, Equatable {
    /// To `candidates`.
    case candidates(CandidatesAnswer)
    /// To `read`.
    case read(ReadAnswer)
    /// To `commit`: durable.
    case committed
    /// To `scan`.
    case scan(ScanAnswer)
    /// To `block`.
    case block(BlockAnswer)
    /// To `install`.
    case installed(RuleSetVersion)
    /// To `fence`, `status` and `dropDamaged`.
    case status(ShardStatus)
    /// To `postings`.
    case postings(PostingsAnswer)
    /// To `posted`.
    case posted(PostedAnswer)
    /// To `digest`: one a slot, in order.
    case digest([SlotDigest])
    /// To `tail`.
    case tail(TailAnswer)
    /// To `ruleSets`.
    case ruleSets([[UInt8]])
    /// To anything.
    case failure(ShardError)
}

extension ShardRequest {
    /// Largest canonical rule set, in bytes.
    public static let rulesLimit = 32 << 20

    var code: UInt16 {
        switch self {
        case .candidates: 1
        case .read: 2
        case .commit: 3
        case .scan: 4
        case .install: 5
        case .fence: 6
        case .status: 7
        case .block: 8
        case .postings: 9
        case .digest: 10
        case .tail: 11
        case .ruleSets: 12
        case .guarded: 13
        case .posted: 14
        case .dropDamaged: 15
        }
    }

    /// The first version of the protocol that has it.
    public var firstVersion: UInt16 {
        switch self {
        case .dropDamaged: 3
        case .guarded(_, let request): request.firstVersion
        case .candidates, .read, .commit, .scan, .block, .install, .fence, .status, .postings, .posted, .digest, .tail,
            .ruleSets:
            2
        }
    }

    func encode(into writer: inout ByteWriter) {
        switch self {
        case .candidates(let request): request.encode(into: &writer)
        case .read(let request): request.encode(into: &writer)
        case .commit(let request): request.encode(into: &writer)
        case .scan(let request): request.encode(into: &writer)
        case .block(let request): request.encode(into: &writer)
        case .install(let rules): writer.write(prefixed: rules)
        case .fence(let epoch), .dropDamaged(let epoch): writer.write(epoch.rawValue)
        case .status, .ruleSets: break
        case .postings(let request): request.encode(into: &writer)
        case .posted(let request): request.encode(into: &writer)
        case .digest(let request): request.encode(into: &writer)
        case .tail(let withOperations): writer.write(UInt8(withOperations ? 1 : 0))
        case .guarded(let position, let request):
            position.encode(into: &writer)
            writer.write(request.code)
            request.encode(into: &writer)
        }
    }

    init(code: UInt16, from reader: inout ByteReader) throws(MessageError) {
        do {
            self = try ShardRequest.decode(code, from: &reader, mayBeGuarded: true)
            try reader.finish()
        } catch let error as ByteError {
            throw .malformed(error)
        } catch let error as MessageError {
            throw error
        } catch {
            throw .unknownKind(code)
        }
    }

    /// Reads the content of a request; a guard stands around one once.
    private static func decode(
        _ code: UInt16,
        from reader: inout ByteReader,
        mayBeGuarded: Bool
    ) throws -> ShardRequest {
        switch code {
        case 1: .candidates(try CandidatesRequest(from: &reader))
        case 2: .read(try ReadRequest(from: &reader))
        case 3: .commit(try CommitRequest(from: &reader))
        case 4: .scan(try ScanRequest(from: &reader))
        case 5: .install(rules: try reader.readBytes(limit: ShardRequest.rulesLimit))
        case 6: .fence(Epoch(try reader.read()))
        case 7: .status
        case 8: .block(try BlockRequest(from: &reader))
        case 9: .postings(try PostingsRequest(from: &reader))
        case 10: .digest(try DigestRequest(from: &reader))
        case 11: .tail(withOperations: try reader.read(UInt8.self) != 0)
        case 12: .ruleSets
        case 13 where mayBeGuarded:
            .guarded(
                try StorePosition(from: &reader),
                try decode(try reader.read(), from: &reader, mayBeGuarded: false)
            )
        case 14: .posted(try PostedRequest(from: &reader))
        case 15: .dropDamaged(Epoch(try reader.read()))
        default: throw MessageError.unknownKind(code)
        }
    }
}

extension ShardAnswer {
    var code: UInt16 {
        switch self {
        case .candidates: 0x8001
        case .read: 0x8002
        case .committed: 0x8003
        case .scan: 0x8004
        case .installed: 0x8005
        case .status: 0x8006
        case .block: 0x8007
        case .postings: 0x8008
        case .digest: 0x8009
        case .tail: 0x800A
        case .ruleSets: 0x800B
        case .posted: 0x800C
        case .failure: 0x80FF
        }
    }

    func encode(into writer: inout ByteWriter, _ version: UInt16) {
        switch self {
        case .candidates(let answer): answer.encode(into: &writer)
        case .read(let answer): answer.encode(into: &writer)
        case .committed: break
        case .scan(let answer): answer.encode(into: &writer)
        case .block(let answer): answer.encode(into: &writer)
        case .postings(let answer): answer.encode(into: &writer)
        case .posted(let answer): answer.encode(into: &writer)
        case .digest(let digests):
            writer.write(varint: UInt64(digests.count))
            for digest in digests { digest.encode(into: &writer) }
        case .tail(let answer): answer.encode(into: &writer)
        case .ruleSets(let sets):
            writer.write(varint: UInt64(sets.count))
            for rules in sets { writer.write(prefixed: rules) }
        case .installed(let version): writer.write(version.digest)
        case .status(let status): status.encode(into: &writer, version)
        case .failure(let error): error.encode(into: &writer)
        }
    }

    init(code: UInt16, from reader: inout ByteReader, _ version: UInt16) throws(MessageError) {
        do {
            switch code {
            case 0x8001: self = .candidates(try CandidatesAnswer(from: &reader))
            case 0x8002: self = .read(try ReadAnswer(from: &reader))
            case 0x8003: self = .committed
            case 0x8004: self = .scan(try ScanAnswer(from: &reader))
            case 0x8005: self = .installed(RuleSetVersion(digest: try reader.read()))
            case 0x8006: self = .status(try ShardStatus(from: &reader, version))
            case 0x8007: self = .block(try BlockAnswer(from: &reader))
            case 0x8008: self = .postings(try PostingsAnswer(from: &reader))
            case 0x8009: self = .digest(try ShardAnswer.digests(from: &reader))
            case 0x800A: self = .tail(try TailAnswer(from: &reader))
            case 0x800B: self = .ruleSets(try ShardAnswer.ruleSets(from: &reader))
            case 0x800C: self = .posted(try PostedAnswer(from: &reader))
            case 0x80FF: self = .failure(try ShardError(from: &reader))
            default: throw MessageError.unknownKind(code)
            }
            try reader.finish()
        } catch let error as ByteError {
            throw .malformed(error)
        } catch let error as MessageError {
            throw error
        } catch {
            throw .unknownKind(code)
        }
    }

    private static func digests(from reader: inout ByteReader) throws(ByteError) -> [SlotDigest] {
        var digests: [SlotDigest] = []
        for _ in 0..<(try reader.readCount(limit: DigestRequest.slotLimit)) {
            digests.append(try SlotDigest(from: &reader))
        }
        return digests
    }

    private static func ruleSets(from reader: inout ByteReader) throws(ByteError) -> [[UInt8]] {
        var sets: [[UInt8]] = []
        for _ in 0..<(try reader.readCount(limit: ShardAnswer.ruleSetLimit)) {
            sets.append(try reader.readBytes(limit: ShardRequest.rulesLimit))
        }
        return sets
    }

    /// Most rule sets of one store.
    private static let ruleSetLimit = 1_024
}

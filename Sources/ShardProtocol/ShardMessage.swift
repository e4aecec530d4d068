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
    /// To `fence` and `status`.
    case status(ShardStatus)
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
        case .fence(let epoch): writer.write(epoch.rawValue)
        case .status: break
        }
    }

    init(code: UInt16, from reader: inout ByteReader) throws(MessageError) {
        do {
            switch code {
            case 1: self = .candidates(try CandidatesRequest(from: &reader))
            case 2: self = .read(try ReadRequest(from: &reader))
            case 3: self = .commit(try CommitRequest(from: &reader))
            case 4: self = .scan(try ScanRequest(from: &reader))
            case 5: self = .install(rules: try reader.readBytes(limit: ShardRequest.rulesLimit))
            case 6: self = .fence(Epoch(try reader.read()))
            case 7: self = .status
            case 8: self = .block(try BlockRequest(from: &reader))
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
        case .failure: 0x80FF
        }
    }

    func encode(into writer: inout ByteWriter) {
        switch self {
        case .candidates(let answer): answer.encode(into: &writer)
        case .read(let answer): answer.encode(into: &writer)
        case .committed: break
        case .scan(let answer): answer.encode(into: &writer)
        case .block(let answer): answer.encode(into: &writer)
        case .installed(let version): writer.write(version.digest)
        case .status(let status): status.encode(into: &writer)
        case .failure(let error): error.encode(into: &writer)
        }
    }

    init(code: UInt16, from reader: inout ByteReader) throws(MessageError) {
        do {
            switch code {
            case 0x8001: self = .candidates(try CandidatesAnswer(from: &reader))
            case 0x8002: self = .read(try ReadAnswer(from: &reader))
            case 0x8003: self = .committed
            case 0x8004: self = .scan(try ScanAnswer(from: &reader))
            case 0x8005: self = .installed(RuleSetVersion(digest: try reader.read()))
            case 0x8006: self = .status(try ShardStatus(from: &reader))
            case 0x8007: self = .block(try BlockAnswer(from: &reader))
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
}

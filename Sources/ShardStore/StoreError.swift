internal import ShardProtocol

/// Why a store did not do what it was asked.
public enum StoreError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The disk is full; nothing was written, and what is stored stays readable.
    case diskFull
    /// A system call failed.
    case system(operation: String, name: String, code: Int32)
    /// Bytes of the log that were durable once are not what was written; the store must be rebuilt from a replica or a
    /// backup.
    case corruptLog(segment: String, offset: Int)
    /// Log frames between the state and the oldest segment are missing.
    case missingLog(expected: UInt64, found: UInt64)
    /// A file was written by a version of the program that this one does not know.
    case unknownFormat(file: String, found: UInt32, known: UInt32)
    /// A file of the state is not what was written.
    case damaged(String)
    /// The state's file failed.
    case state(String)
    /// What is stored is sealed under keys that are missing, or the keys cannot be used; the text never holds one.
    case keys(String)
    /// Another process has the store open.
    case inUse(directory: String)
    /// An earlier write failed in a way that leaves the log's end unknown: the process must be started again.
    case stopped(String)

    /// What happened and what helps.
    public var description: String {
        switch self {
        case .diskFull:
            "the disk is full: nothing was written; free space and repeat"
        case .system(let operation, let name, let code):
            "\(operation) of \(name) failed: error \(code)"
        case .corruptLog(let segment, let offset):
            "\(segment) is damaged at byte \(offset), before frames that were durable: restore the store from a replica"
        case .missingLog(let expected, let found):
            "the log starts at frame \(found), but the state ends before frame \(expected): segments were removed"
        case .unknownFormat(let file, let found, let known):
            "\(file) has format version \(found); this program knows version \(known): use the program that wrote it"
        case .damaged(let text):
            "\(text): restore the store from a replica"
        case .state(let text):
            "the state failed: \(text)"
        case .keys(let text):
            "the keys of the encryption: \(text)"
        case .inUse(let directory):
            "another process has the store in \(directory) open"
        case .stopped(let text):
            "writing has stopped, start the process again: \(text)"
        }
    }
}

extension StoreError {
    /// Whether what was durable once is not what was written: another replica has it, this store has not.
    public var isDamage: Bool {
        switch self {
        case .corruptLog, .missingLog, .damaged: true
        case .diskFull, .system, .unknownFormat, .state, .keys, .inUse, .stopped: false
        }
    }
}

extension ShardError {
    /// What the caller of a shard is told.
    init(_ error: StoreError) {
        self = error == .diskFull ? .diskFull : .storage(error.description)
    }
}

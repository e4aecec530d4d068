/// Why a file is no record of a run.
public enum RunRecordFault: Error, Sendable, Equatable, CustomStringConvertible {
    /// Not the JSON that a run writes.
    case unreadable
    /// Of a version that this program does not know.
    case version(Int)

    /// One line.
    public var description: String {
        switch self {
        case .unreadable: "not the result of a load run"
        case .version(let number):
            "a result of version \(number); this program knows version \(RunRecord.currentVersion)"
        }
    }
}

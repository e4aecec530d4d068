import Bytes

/// What an operator asks of the leader about what the registry keeps.
public enum KeepingOrder: Sendable, Equatable {
    /// Tell how things are.
    case report
    /// Make a backup; rows are read at this rate at most, 0 for as fast as they can; one that follows takes in further
    /// writes until it is stopped.
    case backUp(name: String, bytesPerSecond: UInt64, follows: Bool)
    /// End a backup: one that copies is given up, one that follows is complete.
    case stop(name: String)
    /// Compare what derives from the records with them, and mend it or only tell.
    case scrub(mends: Bool, recordsPerSecond: UInt64)

    /// Longest name in bytes of UTF-8.
    static let nameLimit = 256
}

/// An order on its way to the leader: u8 kind, then for
///
///     1 report: nothing      2 back up: name, rate u64, follows u8      3 stop: name      4 scrub: mends u8, rate u64
extension KeepingOrder {
    func encode(into writer: inout ByteWriter) {
        switch self {
        case .report: writer.write(UInt8(1))
        case .backUp(let name, let rate, let follows):
            writer.write(UInt8(2))
            writer.write(string: name)
            writer.write(rate)
            writer.write(UInt8(follows ? 1 : 0))
        case .stop(let name):
            writer.write(UInt8(3))
            writer.write(string: name)
        case .scrub(let mends, let rate):
            writer.write(UInt8(4))
            writer.write(UInt8(mends ? 1 : 0))
            writer.write(rate)
        }
    }

    init(from reader: inout ByteReader) throws(ByteError) {
        let at = reader.offset
        switch try reader.read(UInt8.self) {
        case 1: self = .report
        case 2:
            let name = try reader.readString(limit: Self.nameLimit)
            let rate: UInt64 = try reader.read()
            self = .backUp(name: name, bytesPerSecond: rate, follows: try reader.read(UInt8.self) != 0)
        case 3: self = .stop(name: try reader.readString(limit: Self.nameLimit))
        case 4:
            let mends = try reader.read(UInt8.self) != 0
            self = .scrub(mends: mends, recordsPerSecond: try reader.read())
        case let kind: throw .tooLarge(at: at, value: UInt64(kind), limit: 4)
        }
    }
}

import Bytes
import Identifiers

/// How things are that the leader looks after besides writes.
public struct KeepingReport: Sendable, Equatable {
    /// Backups under way first, then those that are complete, by name.
    public var backups: [BackupView]
    /// The scrub that runs or ran last in this term.
    public var scrub: ScrubView?

    /// Makes a report.
    public init(backups: [BackupView] = [], scrub: ScrubView? = nil) {
        self.backups = backups
        self.scrub = scrub
    }
}

/// A report on its way from the leader to another coordinator.
extension KeepingReport {
    private static let countLimit = 65_536
    private static let textLimit = 4_096

    func encode(into writer: inout ByteWriter) {
        writer.write(varint: UInt64(backups.count))
        for backup in backups {
            writer.write(string: PeerAnswer.cut(backup.name))
            writer.write(backup.phase.rawValue)
            writer.write(varint: UInt64(backup.slotsDone))
            for value in [backup.bytes, backup.began, backup.cut.rawValue, backup.through.rawValue] {
                writer.write(value)
            }
            writer.write(string: PeerAnswer.cut(backup.fault))
        }
        writer.write(UInt8(scrub == nil ? 0 : 1))
        scrub?.encode(into: &writer)
    }

    init(from reader: inout ByteReader) throws(ByteError) {
        backups = []
        for _ in 0..<(try reader.readCount(limit: Self.countLimit)) {
            let name = try reader.readString(limit: Self.textLimit)
            let at = reader.offset
            let code: UInt8 = try reader.read()
            guard let phase = BackupView.Phase(rawValue: code) else {
                throw .tooLarge(at: at, value: UInt64(code), limit: 4)
            }
            let done = try reader.readCount(limit: Slot.count)
            let bytes: UInt64 = try reader.read()
            var view = BackupView(name: name, phase: phase, began: try reader.read())
            view.slotsDone = done
            view.bytes = bytes
            view.cut = Sequence(try reader.read())
            view.through = Sequence(try reader.read())
            view.fault = try reader.readString(limit: Self.textLimit)
            backups.append(view)
        }
        scrub = try reader.read(UInt8.self) == 0 ? nil : try ScrubView(from: &reader)
    }
}

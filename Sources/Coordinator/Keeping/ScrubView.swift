import Bytes
import Identifiers

/// What a scrub found and did.
public struct ScrubView: Sendable, Equatable {
    /// One thing that is not as it should be.
    public struct Finding: Sendable, Equatable {
        /// What is wrong, with the table, the key and the shard; never a patient's values.
        public var text: String
        /// Whether it was mended.
        public var isMended: Bool

        /// Makes a finding.
        public init(_ text: String, isMended: Bool) {
            self.text = text
            self.isMended = isMended
        }
    }

    /// Most findings that are told one by one; further ones are counted.
    public static let findingLimit = 1_000

    /// How far it is.
    public var phase = OrderPhase.running
    /// Slots that were looked at, of all.
    public var slotsDone = 0
    /// Records that were looked at.
    public var records: UInt64 = 0
    /// How much was found.
    public var found: UInt64 = 0
    /// How much of it was mended.
    public var mended: UInt64 = 0
    /// What was found, the first of it.
    public var findings: [Finding] = []
    /// Why it failed.
    public var fault = ""

    /// Begins.
    public init() {}

    /// Notes something.
    mutating func note(_ text: String, isMended: Bool) {
        found += 1
        if isMended { mended += 1 }
        if findings.count < Self.findingLimit { findings.append(Finding(text, isMended: isMended)) }
    }
}

/// A view on its way from the leader to another coordinator.
extension ScrubView {
    private static let textLimit = 4_096

    func encode(into writer: inout ByteWriter) {
        writer.write(phase.rawValue)
        writer.write(varint: UInt64(slotsDone))
        for value in [records, found, mended] { writer.write(value) }
        writer.write(varint: UInt64(findings.count))
        for finding in findings {
            writer.write(string: PeerAnswer.cut(finding.text))
            writer.write(UInt8(finding.isMended ? 1 : 0))
        }
        writer.write(string: PeerAnswer.cut(fault))
    }

    init(from reader: inout ByteReader) throws(ByteError) {
        self.init()
        phase = try OrderPhase(from: &reader)
        slotsDone = try reader.readCount(limit: Slot.count)
        records = try reader.read()
        found = try reader.read()
        mended = try reader.read()
        for _ in 0..<(try reader.readCount(limit: Self.findingLimit)) {
            let text = try reader.readString(limit: Self.textLimit)
            findings.append(Finding(text, isMended: try reader.read(UInt8.self) != 0))
        }
        fault = try reader.readString(limit: Self.textLimit)
    }
}

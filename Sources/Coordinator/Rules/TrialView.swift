import Bytes
public import Identifiers

/// What a candidate rule set would decide otherwise about records that it was tried on.
public struct TrialView: Sendable, Equatable {
    /// A record that would belong to other persons.
    public struct Sample: Sendable, Equatable {
        /// Whether it would join a person, or be parted from its own.
        public var joins: Bool
        /// The record.
        public var record: RecordKey
        /// A record that it would join, or be parted from.
        public var other: RecordKey
        /// What the pair weighs by the rules in force; `nil` below their review threshold.
        public var active: MatchWeight?
        /// What it weighs by the candidate.
        public var candidate: MatchWeight?
    }

    /// Samples that are kept, the first of each kind.
    public static let sampleLimit = 20

    /// The candidate.
    public var version: RuleSetVersion
    /// How far it is.
    public var phase = OrderPhase.running
    /// When it began, milliseconds since 1970.
    public var began: UInt64
    /// Ways to find candidates that the rules in force do not have: by these it finds nothing before it is activated.
    public var unposted: UInt64 = 0
    /// Slots that are done, of a trial on stored records.
    public var slotsDone = 0
    /// Records that it was tried on.
    public var tried: UInt64 = 0
    /// Records that were left out because others waited already.
    public var dropped: UInt64 = 0
    /// Records that have a match in another person.
    public var joining: UInt64 = 0
    /// Records that match others of their person by the rules in force, and none by the candidate.
    public var parting: UInt64 = 0
    /// Pairs in the review band, by the rules in force and by the candidate.
    public var questions: [UInt64] = [0, 0]
    /// Postings read, by the rules in force and by the candidate.
    public var postings: [UInt64] = [0, 0]
    /// Pairs scored in full, by the rules in force and by the candidate.
    public var scored: [UInt64] = [0, 0]
    /// Some that would change.
    public var samples: [Sample] = []
    /// Why it failed.
    public var fault = ""

    /// Begins.
    public init(version: RuleSetVersion, began: UInt64) {
        self.version = version
        self.began = began
    }

    /// Adds what another trial of the same candidate found.
    mutating func add(_ other: TrialView) {
        tried += other.tried
        dropped += other.dropped
        joining += other.joining
        parting += other.parting
        for index in 0..<2 {
            questions[index] += other.questions[index]
            postings[index] += other.postings[index]
            scored[index] += other.scored[index]
        }
        for sample in other.samples { note(sample) }
    }

    /// Keeps a sample, the first of each kind.
    mutating func note(_ sample: Sample) {
        guard samples.count(where: { $0.joins == sample.joins }) < Self.sampleLimit else { return }
        samples.append(sample)
    }
}

/// A view on its way from the leader to another coordinator: its members in order.
extension TrialView {
    func encode(into writer: inout ByteWriter) {
        writer.write(version.digest)
        writer.write(phase.rawValue)
        writer.write(varint: UInt64(slotsDone))
        for value in [began, unposted, tried, dropped, joining, parting] + questions + postings + scored {
            writer.write(value)
        }
        writer.write(varint: UInt64(samples.count))
        for sample in samples {
            writer.write(
                UInt8(sample.joins ? 1 : 0) | UInt8(sample.active == nil ? 0 : 2)
                    | UInt8(sample.candidate == nil ? 0 : 4)
            )
            for key in [sample.record, sample.other] {
                writer.write(string: key.source)
                writer.write(string: key.value)
            }
            writer.write(sample.active?.millibits ?? 0)
            writer.write(sample.candidate?.millibits ?? 0)
        }
        writer.write(string: PeerAnswer.cut(fault))
    }

    init(from reader: inout ByteReader) throws(ByteError) {
        let version = RuleSetVersion(digest: try reader.read())
        let phase = try OrderPhase(from: &reader)
        let slots = try reader.readCount(limit: Slot.count)
        self.init(version: version, began: try reader.read())
        self.phase = phase
        slotsDone = slots
        unposted = try reader.read()
        tried = try reader.read()
        dropped = try reader.read()
        joining = try reader.read()
        parting = try reader.read()
        questions = [try reader.read(), try reader.read()]
        postings = [try reader.read(), try reader.read()]
        scored = [try reader.read(), try reader.read()]
        for _ in 0..<(try reader.readCount(limit: 2 * Self.sampleLimit)) { samples.append(try Sample(from: &reader)) }
        fault = try reader.readString(limit: RuleBook.textLimit)
    }
}

extension TrialView.Sample {
    init(from reader: inout ByteReader) throws(ByteError) {
        let flags: UInt8 = try reader.read()
        var keys: [RecordKey] = []
        for _ in 0..<2 {
            let source = try reader.readString(limit: RecordKey.partLimit)
            keys.append(RecordKey(source: source, value: try reader.readString(limit: RecordKey.partLimit)))
        }
        let (active, candidate) = (MatchWeight(millibits: try reader.read()), MatchWeight(millibits: try reader.read()))
        self.init(
            joins: flags & 1 != 0,
            record: keys[0],
            other: keys[1],
            active: flags & 2 != 0 ? active : nil,
            candidate: flags & 4 != 0 ? candidate : nil
        )
    }
}

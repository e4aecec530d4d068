import Bytes
public import Identifiers

/// How it stands with the counts of names and keys, and with rules that are made of them.
public struct CountingView: Sendable, Equatable {
    /// An order to make rules with the counts of now.
    public struct Refresh: Sendable, Equatable {
        /// The rules that everything else is taken from.
        public var from: RuleSetVersion
        /// How far it is.
        public var phase = OrderPhase.running
        /// Records that were read for it: those that changed since the counts were last kept up, or all.
        public var read: UInt64 = 0
        /// What was made.
        public var made: RuleSetVersion?
        /// Keys that are left out by it.
        public var hotKeys: UInt64 = 0
        /// Why it was given up, or has to wait.
        public var fault = ""

        /// Begins.
        public init(from: RuleSetVersion) { self.from = from }
    }

    /// The last write that is in the counts; zero where there are none.
    public var through = Sequence.zero
    /// Live records that are in the counts.
    public var records: UInt64 = 0
    /// The last order, since this leader leads.
    public var refresh: Refresh?

    /// Tells of no counts.
    public init() {}
}

/// A view on its way from the leader to another coordinator: through u64, records u64, u8 whether there is an order, and
/// then its members in order, 0 for a version that was not made.
extension CountingView {
    func encode(into writer: inout ByteWriter) {
        writer.write(through.rawValue)
        writer.write(records)
        writer.write(UInt8(refresh == nil ? 0 : 1))
        guard let refresh else { return }
        writer.write(refresh.from.digest)
        writer.write(refresh.phase.rawValue)
        writer.write(refresh.read)
        writer.write(UInt8(refresh.made == nil ? 0 : 1))
        writer.write(refresh.made?.digest ?? 0)
        writer.write(refresh.hotKeys)
        writer.write(string: PeerAnswer.cut(refresh.fault))
    }

    init(from reader: inout ByteReader) throws(ByteError) {
        through = Sequence(try reader.read())
        records = try reader.read()
        guard try reader.read(UInt8.self) != 0 else { return }
        var refresh = Refresh(from: RuleSetVersion(digest: try reader.read()))
        refresh.phase = try OrderPhase(from: &reader)
        refresh.read = try reader.read()
        let isMade = try reader.read(UInt8.self) != 0
        let made = RuleSetVersion(digest: try reader.read())
        refresh.made = isMade ? made : nil
        refresh.hotKeys = try reader.read()
        refresh.fault = try reader.readString(limit: RuleBook.textLimit)
        self.refresh = refresh
    }
}

import Bytes
public import Identifiers

/// How it stands with the rules.
public struct RulesReport: Sendable, Equatable {
    /// What a leader did about a change of rules since it leads.
    public struct Work: Sendable, Equatable {
        /// Records that were looked at.
        public var records: UInt64 = 0
        /// Records that were keyed or decided anew.
        public var renewed: UInt64 = 0
        /// Components that were joined by others while they were decided anew.
        public var widened: UInt64 = 0
        /// Records that could not be read, and keep what they have.
        public var unread: UInt64 = 0
        /// What keeps it from going on; it is tried again.
        public var fault = ""

        /// Nothing.
        public init() {}
    }

    /// The book.
    public var book: RuleBook
    /// The rules that the coordinator that leads was started with.
    public var configured: RuleSetVersion
    /// The rules that decide.
    public var deciding: RuleSetVersion
    /// What the leader did.
    public var work: Work
    /// What the candidate would change that is tried on live writes, since this leader leads.
    public var shadow: TrialView?
    /// What the candidate would change that was tried on stored records last, since this leader leads.
    public var replay: TrialView?
    /// How it stands with the counts of names and keys; `nil` where nobody asked for them.
    public var counts: CountingView?

    /// Makes a report.
    public init(book: RuleBook, configured: RuleSetVersion, deciding: RuleSetVersion, work: Work = Work()) {
        self.book = book
        self.configured = configured
        self.deciding = deciding
        self.work = work
    }
}

/// A report on its way from the leader to another coordinator.
extension RulesReport {
    func encode(into writer: inout ByteWriter) {
        book.encode(into: &writer)
        for value in [
            configured.digest, deciding.digest, work.records, work.renewed, work.widened, work.unread,
        ] { writer.write(value) }
        writer.write(string: PeerAnswer.cut(work.fault))
        writer.write(UInt8(shadow == nil ? 0 : 1) | UInt8(replay == nil ? 0 : 2) | UInt8(counts == nil ? 0 : 4))
        shadow?.encode(into: &writer)
        replay?.encode(into: &writer)
        counts?.encode(into: &writer)
    }

    init(from reader: inout ByteReader) throws(ByteError) {
        book = try RuleBook(from: &reader)
        configured = RuleSetVersion(digest: try reader.read())
        deciding = RuleSetVersion(digest: try reader.read())
        work = Work()
        work.records = try reader.read()
        work.renewed = try reader.read()
        work.widened = try reader.read()
        work.unread = try reader.read()
        work.fault = try reader.readString(limit: RuleBook.textLimit)
        let flags: UInt8 = try reader.read()
        if flags & 1 != 0 { shadow = try TrialView(from: &reader) }
        if flags & 2 != 0 { replay = try TrialView(from: &reader) }
        if flags & 4 != 0 { counts = try CountingView(from: &reader) }
    }
}

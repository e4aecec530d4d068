public import Demographics
public import Identifiers
public import Identity

/// Everything that a door may ask of the registry; the doors know nothing else of the cluster.
public protocol Registering: Sendable {
    /// Stores or removes records, each on its own; answered in the order given, when durable.
    func submit(_ submissions: [Submission]) async -> [SubmissionOutcome]
    /// Finds stored records that may be the same person; writes nothing.
    func match(_ record: SourceRecord, limit: Int) async throws(RegistryError) -> MatchAnswer
    /// Reads a record by its key, removed ones included.
    func record(_ key: RecordKey) async throws(RegistryError) -> StoredRecord?
    /// Reads a record by its address, removed ones included.
    func record(id: RecordID) async throws(RegistryError) -> StoredRecord?
    /// Reads an earlier or the current version of a record.
    func record(id: RecordID, version: UInt32) async throws(RegistryError) -> StoredRecord?
    /// Reads a person by a golden identifier, also by a retired one.
    func person(_ golden: GoldenID) async throws(RegistryError) -> PersonView?
    /// Reads the person that a golden identifier stood for at a moment, in milliseconds since 1970, with its records as
    /// they were then; `nil` where it stood for none.
    func person(_ golden: GoldenID, at time: UInt64) async throws(RegistryError) -> PersonView?
    /// Reads what happened to a golden identifier, in order; nothing for one that was never given out.
    func history(of golden: GoldenID) async throws(RegistryError) -> ChangesPage
    /// Says why two records are or are not one person.
    ///
    /// - Returns: `nil` where either is not there.
    func explain(_ first: RecordKey, _ second: RecordKey) async throws(RegistryError) -> ExplainAnswer?
    /// Reads the change feed in order.
    func changes(after: Sequence, limit: Int) async throws(RegistryError) -> ChangesPage
    /// The last write of which it is known that it and all before it are durable: where the change feed ends.
    func latest() async throws(RegistryError) -> Sequence
    /// Lists open questions for stewards, most harmful first.
    func reviews(limit: Int) async throws(RegistryError) -> [ReviewItem]
    /// Reads the open questions about each record, in the order given, without walking the queue.
    func reviews(about records: [RecordID]) async throws(RegistryError) -> [[ReviewItem]]
    /// Records a steward's decision and carries it out.
    func decide(_ decision: StewardDecision) async throws(RegistryError) -> [IdentityEvent]
    /// Walks all live records.
    func links(after: RecordID?, limit: Int) async throws(RegistryError) -> LinksPage
    /// Reads live records that are posted under any of the keys (`LookupKey`), in the order of their addresses.
    func lookup(_ keys: [UInt64], after: RecordID?, limit: Int) async throws(RegistryError) -> RecordsPage
    /// Walks all live records with their documents.
    func records(after: RecordID?, limit: Int) async throws(RegistryError) -> RecordsPage
    /// Reads the other records of each record's person; `[]` for one that stands alone.
    func companions(of records: [StoredRecord]) async throws(RegistryError) -> [[StoredRecord]]
    /// Reads versions of a record, `nil` for each that is not there.
    func record(id: RecordID, versions: [UInt32]) async throws(RegistryError) -> [StoredRecord?]
    /// Says whether a record was ever stored with an identifier of this system.
    func knows(system: String) async throws(RegistryError) -> Bool
    /// Keeps a small document beside the records under a name, in place of what was there; `nil` removes it.
    func note(_ name: String, _ document: [UInt8]?) async throws(RegistryError)
    /// Reads a document that `note` keeps.
    func note(_ name: String) async throws(RegistryError) -> [UInt8]?
    /// Keeps a document under a name that is not taken yet; says whether it was kept.
    func note(new name: String, _ document: [UInt8]) async throws(RegistryError) -> Bool
    /// Reads documents that `note` keeps.
    func notes(_ names: [String]) async throws(RegistryError) -> [[UInt8]?]
    /// Rules: carries a steward's order out and enters it into the book.
    ///
    /// - Parameters:
    ///   - request: what is to be ruled, by whom and why.
    ///   - former: the version to go back to, where the release of a held update is taken back, or a merge that a
    ///     source stated.
    /// - Returns: the entry; with the number 0 where a source stated what holds already.
    /// - Throws: `.invalid` with the reason where it is not carried out.
    func rule(_ request: RulingRequest, storing former: Submission?) async throws(RegistryError) -> Ruling
    /// Says what an order would lead to as things stand; writes nothing.
    ///
    /// - Returns: `nil` where it changes no person.
    func preview(_ order: RulingOrder, by author: String) async throws(RegistryError) -> StewardPlan?
    /// Reads an entry of the book of rulings.
    func ruling(_ number: UInt64) async throws(RegistryError) -> Ruling?
    /// Reads entries of the book of rulings, the newest first.
    func rulings(before: UInt64?, limit: Int) async throws(RegistryError) -> [Ruling]
    /// Lists updates that are held, the most harmful first.
    func held(limit: Int) async throws(RegistryError) -> [HeldUpdate]
    /// Moves of slots that are under way or were.
    func moves() async throws(RegistryError) -> [MoveView]
    /// Changes the cluster map: `bytesPerSecond` bounds how fast rows of new moves stream, 0 for as fast as they can;
    /// what comes of it is carried out in the background.
    func change(_ change: TopologyChange, bytesPerSecond: UInt64) async throws(RegistryError) -> [MoveView]
    /// Says what a change of the cluster map would lead to; nothing of it is done.
    func forecast(_ change: TopologyChange) async throws(RegistryError) -> LayoutForecast
    /// Gives the leader an order about what the registry keeps: backups and scrubs.
    func keep(_ order: KeepingOrder) async throws(RegistryError) -> KeepingReport
    /// Gives the leader an order about the rules by which records are compared.
    func rules(_ order: RulesOrder) async throws(RegistryError) -> RulesReport
    /// Reads a rule set as a file; `nil` where there is none.
    func ruleFile(_ version: RuleSetVersion) async throws(RegistryError) -> [UInt8]?
    /// Says how the cluster is.
    func status() async -> ClusterStatus
    /// What happened to the cluster after an entry of this node's journal, the oldest first; 0 for all that is kept.
    func events(after number: UInt64) async -> [ClusterJournal.Entry]
}

public import Identifiers

/// What an identity step leads to: rows to write, rows to delete, events to publish.
public struct Resolution: Hashable, Sendable {
    /// A component after the step, with its persons.
    public struct ResolvedComponent: Hashable, Sendable {
        /// The key of the component's row: its smallest member.
        public var id: RecordID
        /// What to store.
        public var component: Component
        /// Its persons, by smallest member.
        ///
        /// Absent members belong to none.
        public var persons: [Person]
        /// Whether the component passed the size bound.
        public var isTooLarge: Bool
    }

    /// Every component after the step, by identifier.
    ///
    /// Together they hold the members of all given components and changes.
    public var components: [ResolvedComponent] = []
    /// Keys of given components that are no more: delete their rows.
    public var dissolved: [RecordID] = []
    /// Records that are in no component any more: delete what links them to one.
    public var forgotten: [RecordID] = []
    /// Golden identifiers that were given for the first time, oldest first.
    public var minted: [GoldenID] = []
    /// Golden identifiers without any record left: keep a tombstone.
    public var extinct: [GoldenID] = []
    /// What changed against the given components, in a fixed order.
    public var events: [IdentityEvent] = []
    /// Questions that were not open before; the events raise the same.
    public var reviews: [ReviewTask] = []
    /// Questions that are answered or have become moot; the events settle the same.
    public var settled: [ReviewTask] = []

    /// Starts a resolution that says nothing.
    public init() {}

    /// Finds the component that holds a record.
    public func component(of record: RecordID) -> ResolvedComponent? {
        components.first { $0.component.memberIndex(record) != nil }
    }

    /// Finds the golden identifier of a record.
    public func golden(of record: RecordID) -> GoldenID? {
        component(of: record)?.component.member(record)?.golden
    }
}

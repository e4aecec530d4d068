import Demographics
import Identifiers

extension Resolution {
    /// The step of a record that is new and resembles nobody: most steps of a first load, so it has a short way.
    ///
    /// The same value comes out of the long way; a test compares them.
    init(newcomer record: RecordID, at born: Sequence, facts: GuardFacts, golden: GoldenID) {
        var component = Component()
        component.members = [Component.Member(record: record, born: born, facts: facts, golden: golden)]
        component.anchors = [Component.Anchor(golden: golden, record: record)]
        components = [
            ResolvedComponent(
                id: record,
                component: component,
                persons: [Person(golden: golden, members: [record])],
                isTooLarge: false
            )
        ]
        minted = [golden]
        events = [.recordLinked(record: record, from: nil, to: golden)]
    }
}

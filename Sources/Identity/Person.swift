public import Identifiers

/// The records that are one human being, and the identifier by which the world knows them.
public struct Person: Hashable, Sendable {
    /// The person's golden identifier: the oldest one anchored at a member.
    public var golden: GoldenID
    /// The person's records, sorted.
    public var members: [RecordID]
    /// The other golden identifiers anchored at members, oldest first: they redirect to `golden`.
    public var retired: [GoldenID]

    /// Describes a person.
    public init(golden: GoldenID, members: [RecordID], retired: [GoldenID] = []) {
        self.golden = golden
        self.members = members
        self.retired = retired
    }

    /// Reads the persons off the members' golden identifiers, by smallest member.
    static func persons(of component: Component) -> [Person] {
        var persons: [Person] = []
        var place: [GoldenID: Int] = [:]
        for member in component.members {
            guard let golden = member.golden, !member.isAbsent else { continue }
            if let index = place[golden] {
                persons[index].members.append(member.record)
            } else {
                place[golden] = persons.count
                persons.append(Person(golden: golden, members: [member.record]))
            }
        }
        for anchor in component.anchors {
            guard let golden = component.member(anchor.record)?.golden, golden != anchor.golden,
                let index = place[golden]
            else { continue }
            persons[index].retired.append(anchor.golden)
        }
        return persons
    }
}

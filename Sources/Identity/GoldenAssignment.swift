import Identifiers

/// Gives each person its golden identifier: the oldest one anchored at a member, or a new one.
struct GoldenAssignment {
    /// A golden identifier and the node that carries it.
    struct Placed {
        var golden: GoldenID
        var node: Int
    }

    /// The persons, each with its goldens, oldest first.
    private(set) var people: [IdentityOutcome.DraftPerson]
    /// Where every golden is anchored now, oldest first.
    private(set) var anchors: [Placed] = []
    private(set) var minted: [GoldenID] = []
    /// Identifiers without any record left, oldest first.
    private(set) var extinct: [GoldenID] = []
    /// The person each surviving golden belongs to.
    private(set) var personOfGolden: [GoldenID: Int] = [:]
    private let draft: IdentityDraft
    private let personOfNode: [Int]

    init(
        draft: IdentityDraft,
        people: [IdentityOutcome.DraftPerson],
        personOfNode: [Int],
        nextBirth: inout Sequence
    ) {
        self.draft = draft
        self.people = people
        self.personOfNode = personOfNode
        placeKnown()
        mint(&nextBirth)
        anchors.sort { $0.golden.birth < $1.golden.birth }
        for anchor in anchors {
            let person = personOfNode[anchor.node]
            self.people[person].goldens.append(anchor.golden)
            personOfGolden[anchor.golden] = person
        }
        extinct.sort { $0.birth < $1.birth }
    }

    /// Leaves identifiers at their anchors; those of removed records move to the earliest-born record that was of the
    /// same person.
    private mutating func placeKnown() {
        var heirs: [GoldenID: Int]?
        for anchor in draft.anchors {
            guard let node = draft.index(of: anchor.record) else { continue }
            if draft.nodes[node].isLive {
                anchors.append(Placed(golden: anchor.golden, node: node))
                continue
            }
            let known = heirs ?? findHeirs()
            heirs = known
            if let person = draft.nodes[node].previous, let heir = known[person] {
                anchors.append(Placed(golden: anchor.golden, node: heir))
            } else {
                extinct.append(anchor.golden)
            }
        }
    }

    /// The earliest-born live record of each previous person.
    private func findHeirs() -> [GoldenID: Int] {
        var heirs: [GoldenID: Int] = [:]
        for (index, node) in draft.nodes.enumerated() where node.isLive {
            guard let golden = node.previous else { continue }
            if let rival = heirs[golden], isEarlier(rival, than: index) { continue }
            heirs[golden] = index
        }
        return heirs
    }

    private func isEarlier(_ left: Int, than right: Int) -> Bool {
        let (left, right) = (draft.nodes[left], draft.nodes[right])
        return (left.born, left.record) < (right.born, right.record)
    }

    /// Names the nameless, the one with the earliest-born member first.
    private mutating func mint(_ nextBirth: inout Sequence) {
        var isNamed = [Bool](repeating: false, count: people.count)
        for anchor in anchors { isNamed[personOfNode[anchor.node]] = true }
        var homes: [Int] = []
        for (index, person) in people.enumerated() where !isNamed[index] {
            var earliest = person.nodes[0]
            for node in person.nodes.dropFirst() where isEarlier(node, than: earliest) { earliest = node }
            homes.append(earliest)
        }
        homes.sort { isEarlier($0, than: $1) }
        for node in homes {
            let golden = GoldenID(birth: nextBirth)
            nextBirth = nextBirth.next
            minted.append(golden)
            anchors.append(Placed(golden: golden, node: node))
        }
    }
}

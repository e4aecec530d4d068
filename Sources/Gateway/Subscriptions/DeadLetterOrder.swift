internal import JSON

/// What an operator wants done with dead letters; the lane that tells the subscriber carries it out, so that nothing
/// newer overtakes it.
struct DeadLetterOrder: Sendable, Equatable {
    /// What is wanted.
    enum Kind: String, Sendable {
        /// Tell them again.
        case replay
        /// Throw them away.
        case discard
    }

    /// Tells it from earlier orders.
    var number: UInt64
    var kind: Kind
    /// The numbers of events that it is about; none: all.
    var events: [UInt64]

    init(_ number: UInt64, _ kind: Kind, events: [UInt64] = []) {
        self.number = number
        self.kind = kind
        self.events = events
    }

    init?(_ value: JSONValue?) {
        guard let number = value?["number"]?.string.flatMap({ UInt64($0) }),
            let kind = value?["kind"]?.string.flatMap(Kind.init(rawValue:))
        else { return nil }
        self.init(number, kind, events: (value?["events"]?.array ?? []).compactMap { $0.integer.map { UInt64($0) } })
    }

    var value: JSONValue {
        .object([
            "number": .string("\(number)"), "kind": .string(kind.rawValue),
            "events": .array(events.map { .number(JSONNumber($0)) }),
        ])
    }

    /// Whether a letter is meant.
    func means(_ letter: SubscriptionState.Dead) -> Bool { events.isEmpty || events.contains(letter.event.number) }
}

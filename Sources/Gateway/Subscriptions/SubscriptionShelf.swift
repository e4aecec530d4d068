internal import Coordinator
internal import Identifiers

/// Where subscriptions are kept: in numbered places, each a note.
struct SubscriptionShelf: Sendable {
    let registry: any Registering

    /// The note that says how many places have been used.
    private static let height = "subscriptions"
    /// Places looked at beyond that: two coordinators may put subscriptions down at the same moment.
    private static let slack = 16

    /// Every subscription by its place.
    func all() async throws(RegistryError) -> [Int: StoredSubscription] {
        let used = try await used()
        guard used > 0 else { return [:] }
        let places = Array(1...min(StoredSubscription.limit, used + Self.slack))
        let notes = try await registry.notes(places.map(StoredSubscription.name))
        var found: [Int: StoredSubscription] = [:]
        for (place, note) in zip(places, notes) {
            if let note, let subscription = StoredSubscription(decoding: note) { found[place] = subscription }
        }
        return found
    }

    private func used() async throws(RegistryError) -> Int {
        let note = try await registry.note(Self.height)
        return note.flatMap { Int(String(decoding: $0, as: UTF8.self)) } ?? 0
    }

    /// One subscription with how far it has been told.
    func one(_ id: String) async throws(RegistryError) -> (StoredSubscription, SubscriptionState?)? {
        guard let place = StoredSubscription.place(of: id) else { return nil }
        let notes = try await registry.notes([StoredSubscription.name(place), SubscriptionState.name(id)])
        guard let found = notes[0].flatMap(StoredSubscription.init(decoding:)), found.id == id else { return nil }
        return (found, notes[1].flatMap(SubscriptionState.init(decoding:)))
    }

    /// Puts a subscription into the first free place; `nil` where there is none.
    func put(_ make: (Int) -> StoredSubscription) async throws(RegistryError) -> StoredSubscription? {
        let taken = try await all()
        for place in 1...StoredSubscription.limit where taken[place] == nil {
            let subscription = make(place)
            guard try await registry.note(new: StoredSubscription.name(place), subscription.encoded()) else { continue }
            if place > (try await used()) { try await registry.note(Self.height, Array("\(place)".utf8)) }
            return subscription
        }
        return nil
    }

    /// Writes a subscription in its place.
    func replace(_ subscription: StoredSubscription) async throws(RegistryError) {
        guard let place = StoredSubscription.place(of: subscription.id) else { return }
        try await registry.note(StoredSubscription.name(place), subscription.encoded())
    }

    /// Takes a subscription away.
    func remove(_ id: String) async throws(RegistryError) {
        guard let place = StoredSubscription.place(of: id) else { return }
        try await registry.note(StoredSubscription.name(place), nil)
        let note = try await registry.note(SubscriptionState.name(id))
        if let state = note.flatMap(SubscriptionState.init(decoding:)) {
            try await DeadLetters(registry: registry, id: id).remove(state)
        }
        try await registry.note(SubscriptionState.name(id), nil)
    }
}

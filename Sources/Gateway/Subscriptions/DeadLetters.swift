internal import Coordinator
internal import JSON

/// Notifications that a subscriber would not take: kept until somebody lets them be told again, or throws them away.
///
/// The newest stand in the subscription's state, the others in pieces of their own, so that the state stays small.
struct DeadLetters: Sendable {
    /// Pieces that are kept for one subscription: some sixteen thousand letters; the oldest go first.
    static let pieceLimit = 64
    /// Why a letter stands behind another one.
    static let behind = "behind a dead letter about the same person"

    let registry: any Registering
    /// The subscription.
    let id: String

    private func name(_ piece: Int) -> String { "subscription-dead|\(id)|\(piece)" }

    /// Every letter, the oldest first.
    func all(_ state: SubscriptionState) async throws(RegistryError) -> [SubscriptionState.Dead] {
        let notes = try await registry.notes(state.deadPieces.map(name))
        let kept = notes.compactMap { $0.flatMap { try? JSONValue(parsing: $0.span.bytes) } }
        return kept.flatMap { SubscriptionState.letters($0) } + state.dead
    }

    /// Moves what is more than the state holds into pieces.
    func spill(_ state: inout SubscriptionState) async throws(RegistryError) {
        while state.dead.count > SubscriptionState.deadLimit {
            var writer = JSONWriter(capacity: 32 << 10)
            SubscriptionState.write(letters: Array(state.dead.prefix(SubscriptionState.deadLimit)), to: &writer)
            let next = state.deadPieces.upperBound
            try await registry.note(name(next), writer.bytes)
            state.dead.removeFirst(SubscriptionState.deadLimit)
            state.deadPieces = state.deadPieces.lowerBound..<(next + 1)
            if state.deadPieces.count > Self.pieceLimit {
                let oldest = state.deadPieces.lowerBound
                try await registry.note(name(oldest), nil)
                state.deadPieces = (oldest + 1)..<state.deadPieces.upperBound
            }
        }
    }

    /// Puts letters in the place of all that are kept.
    func replace(
        by letters: [SubscriptionState.Dead],
        _ state: inout SubscriptionState
    ) async throws(RegistryError) {
        let old = state.deadPieces
        state.dead = letters
        // The new pieces come after the old ones, which are still there if this breaks off.
        state.deadPieces = old.upperBound..<old.upperBound
        try await spill(&state)
        try await registry.note(SubscriptionState.name(id), state.encoded())
        for piece in old { try await registry.note(name(piece), nil) }
    }

    /// Takes every letter away with its subscription.
    func remove(_ state: SubscriptionState) async throws(RegistryError) {
        for piece in state.deadPieces { try await registry.note(name(piece), nil) }
    }
}

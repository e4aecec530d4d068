import Identifiers
import Identity
import ShardProtocol

/// Reads the book of rulings, and says what an order would lead to as things stand.
struct RulingReader: Sendable {
    let rows: RowReader
    let engine: IdentityEngine

    /// Most entries of the book that are looked at for one answer.
    static let scanLimit = 10_000

    /// Reads an entry of the book.
    func ruling(_ number: UInt64) async throws(RegistryError) -> Ruling? {
        guard let bytes = try await rows.read([.ruling(number)])[.ruling(number)] ?? nil else { return nil }
        return try rows.row { () throws(RowError) in try Ruling(decoding: bytes) }
    }

    /// Reads entries, the newest first.
    func rulings(before: UInt64?, limit: Int) async throws(RegistryError) -> [Ruling] {
        let stored = try await rows.read([.rulingCount])[.rulingCount] ?? nil
        guard let stored else { return [] }
        let count = try rows.row { () throws(RowError) in try RulingCount.number(decoding: stored) }
        let last = min(count, (before ?? .max) &- 1)
        guard last > 0, limit > 0 else { return [] }
        let first = last > UInt64(limit) ? last - UInt64(limit) + 1 : 1
        let numbers = Array((first...last).reversed())
        let found = try await rows.read(numbers.map { .ruling($0) })
        var rulings: [Ruling] = []
        for number in numbers {
            guard let bytes = found[.ruling(number)] ?? nil else { continue }
            rulings.append(try rows.row { () throws(RowError) in try Ruling(decoding: bytes) })
        }
        return rulings
    }

    /// What an order about persons would lead to.
    func preview(_ order: StewardOrder, by author: String) async throws(RegistryError) -> StewardPlan {
        var parts: [Component] = []
        for record in order.records {
            guard let component = try await rows.component(of: record) else {
                throw .invalid("a ruling names stored records")
            }
            if !parts.contains(where: { $0.id == component.id }) { parts.append(component) }
        }
        // Nothing is stored, so any number will do that no person was born under.
        var birth = Sequence(UInt64.max / 2)
        do throws(IdentityError) {
            return try engine.plan(order, by: author, comment: "", at: birth, on: parts, nextBirth: &birth)
        } catch {
            throw .invalid(Sequencer.words(error))
        }
    }

    /// The order that carrying a request out means; `nil` where it is none about persons.
    func order(of request: RulingOrder) async throws(RegistryError) -> StewardOrder? {
        switch request {
        case .persons(let order): return order
        case .stated(.mustLink, let pair): return .link(pair)
        case .stated(.cannotLink, let pair): return .never(pair)
        case .free(let pair):
            let decisions = try await rows.component(of: pair.a)?.decisions ?? []
            guard let standing = decisions.first(where: { $0.pair == pair }) else {
                throw .invalid(Sequencer.undecided)
            }
            return .restore([StewardVerdict(pair: pair, before: standing, after: nil)])
        case .undo(let number):
            guard let target = try await ruling(number), target.state == .standing else {
                throw .invalid("there is no such ruling that holds")
            }
            return target.verdicts.isEmpty ? nil : .restore(target.verdicts.map(\.inverse))
        case .approve(let number):
            guard let target = try await ruling(number), target.state == .proposed else {
                throw .invalid("there is no such ruling that waits for a second steward")
            }
            return target.order
        case .decline, .release, .reject: return nil
        }
    }
}

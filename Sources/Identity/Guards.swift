import Bytes
import Demographics
import Identifiers

/// Asks whether two records' facts forbid that they are one person.
struct Guards {
    /// Two values that a strong direct edge, or a steward, showed to belong to one person after all.
    struct Excuse: Hashable {
        let reason: GuardReason
        let low: UInt64
        let high: UInt64

        init(_ reason: GuardReason, _ first: UInt64, _ second: UInt64) {
            self.reason = reason
            low = min(first, second)
            high = max(first, second)
        }
    }

    private let policy: GuardPolicy
    private var excuses: Set<Excuse> = []

    init(policy: GuardPolicy) {
        self.policy = policy
    }

    /// The smallest margin that excuses anything; `nil` where no edge can.
    var smallestMargin: MatchWeight? {
        GuardReason.allCases.compactMap { reason in
            if case .unless(let margin) = policy.strictness(of: reason) { margin } else { nil }
        }.min()
    }

    /// The first guard, in order of reason, that forbids to join the records of two facts.
    func objection(_ left: GuardFacts, _ right: GuardFacts) -> GuardReason? {
        var found: GuardReason?
        forEachConflict(left, right) { reason, first, second in
            guard excuses.isEmpty || !excuses.contains(Excuse(reason, first, second)) else { return false }
            found = reason
            return true
        }
        return found
    }

    /// Excuses what a direct edge is strong enough for.
    ///
    /// `margin` is by how much the edge exceeds the match threshold; `nil` stands for a steward's decision.
    mutating func excuse(_ left: GuardFacts, _ right: GuardFacts, margin: Int64?) {
        var added: [Excuse] = []
        forEachConflict(left, right) { reason, first, second in
            switch (policy.strictness(of: reason), margin) {
            case (.unless(let needed), let margin?) where margin >= Int64(needed.millibits):
                added.append(Excuse(reason, first, second))
            case (_, nil): added.append(Excuse(reason, first, second))
            default: break
            }
            return false
        }
        for excuse in added { excuses.insert(excuse) }
    }

    /// Visits each conflict with the two values that are in it, until the visitor returns true.
    private func forEachConflict(
        _ left: GuardFacts,
        _ right: GuardFacts,
        _ visit: (GuardReason, UInt64, UInt64) -> Bool
    ) {
        if policy.differentIdentifiers != .off && !left.identifiers.isEmpty && !right.identifiers.isEmpty {
            if Guards.visitIdentifiers(left.identifiers, right.identifiers, visit) { return }
        }
        if policy.differentBirthOrder != .off && left.birthOrder != 0 && right.birthOrder != 0
            && left.birthOrder != right.birthOrder
        {
            if visit(.differentBirthOrder, UInt64(left.birthOrder), UInt64(right.birthOrder)) { return }
        }
        guard left.givenName != 0, right.givenName != 0, left.givenName != right.givenName else { return }
        if policy.differentSexAndName != .off && Guards.differ(left.sex, right.sex) {
            let first = KeyHash.combine(left.givenName, UInt64(left.sex))
            let second = KeyHash.combine(right.givenName, UInt64(right.sex))
            if visit(.differentSexAndName, first, second) { return }
        }
        if policy.contradictingBirthDates != .off && contradict(left.birthDate, right.birthDate) {
            let first = KeyHash.combine(left.givenName, UInt64(left.birthDate))
            let second = KeyHash.combine(right.givenName, UInt64(right.birthDate))
            _ = visit(.contradictingBirthDates, first, second)
        }
    }

    /// Female against male; other and unknown contradict nothing.
    private static func differ(_ left: UInt8, _ right: UInt8) -> Bool {
        (left == 1 && right == 2) || (left == 2 && right == 1)
    }

    /// For each authority that both have: a conflict where no value is shared.
    private static func visitIdentifiers(
        _ left: [GuardFacts.UniqueIdentifier],
        _ right: [GuardFacts.UniqueIdentifier],
        _ visit: (GuardReason, UInt64, UInt64) -> Bool
    ) -> Bool {
        for (index, one) in left.enumerated() {
            // The first of an authority stands for all of it.
            if left[..<index].contains(where: { $0.authority == one.authority }) { continue }
            let mine = left.lazy.filter { $0.authority == one.authority }.map(\.value)
            let theirs = right.lazy.filter { $0.authority == one.authority }.map(\.value)
            guard let first = mine.min(), let second = theirs.min() else { continue }
            if mine.contains(where: { value in theirs.contains(value) }) { continue }
            let left = KeyHash.combine(one.authority, first)
            let right = KeyHash.combine(one.authority, second)
            if visit(.differentIdentifiers, left, right) { return true }
        }
        return false
    }

    /// Whether two dates agree in no part: year beyond the tolerance, month and day, and are no swap of day and month.
    ///
    /// The first of January stands for "the year is known", so it contradicts nothing.
    private func contradict(_ left: UInt32, _ right: UInt32) -> Bool {
        let (leftYear, leftMonth, leftDay) = (Int(left / 10_000), left / 100 % 100, left % 100)
        let (rightYear, rightMonth, rightDay) = (Int(right / 10_000), right / 100 % 100, right % 100)
        guard leftYear != 0, rightYear != 0, leftMonth != 0, rightMonth != 0, leftDay != 0, rightDay != 0 else {
            return false
        }
        if (leftMonth == 1 && leftDay == 1) || (rightMonth == 1 && rightDay == 1) { return false }
        if abs(leftYear - rightYear) <= policy.birthYearTolerance { return false }
        if leftMonth == rightMonth || leftDay == rightDay { return false }
        return !(leftMonth == rightDay && leftDay == rightMonth)
    }
}

import Bytes
import Demographics
import Identifiers
import Identity
import Matching
import RuleSets

/// By which rules records are keyed and decided at one moment.
struct RulePlan: Sendable {
    /// Generations are counted modulo this: a home row has six bits for its own.
    static let generations: UInt8 = 64

    /// The rules that decide.
    let active: RuleSet
    /// The rules that are to follow, whose keys are posted as well.
    let next: RuleSet?
    /// Counts the changes of rules, so that it can be told which records were decided since the last one.
    let generation: UInt8
    /// Decides by the active rules.
    let engine: IdentityEngine
    /// Tells this plan from others where records are keyed; the active version while nothing changes.
    let stamp: RuleSetVersion

    /// Puts a plan together.
    ///
    /// - Parameters:
    ///   - active: the rules that decide.
    ///   - next: the rules that are to follow.
    ///   - former: the rules by which some components are still decided.
    ///   - generation: below `generations`.
    init(active: RuleSet, next: RuleSet? = nil, former: RuleSet? = nil, generation: UInt8 = 0) {
        precondition(generation < RulePlan.generations, "a generation has six bits")
        self.active = active
        self.next = next
        self.generation = generation
        engine = IdentityEngine(policy: IdentityPolicy(rules: active), former: former.map { IdentityPolicy(rules: $0) })
        stamp =
            next.map { RuleSetVersion(digest: KeyHash.combine(active.version.digest, $0.version.digest)) }
            ?? active.version
    }

    /// The keys of the rules that are to follow which the active rules do not give.
    func waiting(_ record: NormalisedRecord, beside keyed: KeyedRecord) -> [UInt64] {
        guard let next else { return [] }
        return next.keys(of: record).map(\.hash).filter { hash in !keyed.keys.contains { $0.hash == hash } }
    }

    /// Whether a record was decided since the rules last changed.
    func isCurrent(_ home: HomeRow) -> Bool { home.generation == generation }
}

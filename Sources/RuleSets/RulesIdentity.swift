public import Identity
public import Matching

extension IdentityPolicy {
    /// What a rule set says about identity: thresholds and guards.
    public init(rules: RuleSet) {
        self.init(
            matchThreshold: rules.matchThreshold,
            reviewThreshold: rules.reviewThreshold,
            guards: GuardPolicy(
                differentIdentifiers: .init(rules.guards.differentIdentifiers),
                differentBirthOrder: .init(rules.guards.differentBirthOrder),
                differentSexAndName: .init(rules.guards.differentSexAndName),
                contradictingBirthDates: .init(rules.guards.contradictingBirthDates)
            ),
            sizeBound: rules.linkage == .single ? 512 : IdentityLimits.members,
            linkage: .init(rules.linkage)
        )
    }
}

extension IdentityPolicy.Linkage {
    /// The same linkage in the words of identity.
    init(_ linkage: Linkage) {
        switch linkage {
        case .single: self = .single
        case .average(let absent, let growth): self = .average(absent: absent, growth: growth)
        }
    }
}

extension GuardPolicy.Strictness {
    /// The same strictness in the words of identity.
    init(_ strictness: GuardRules.Strictness) {
        switch strictness {
        case .off: self = .off
        case .unless(let margin): self = .unless(margin: margin)
        case .always: self = .always
        }
    }
}

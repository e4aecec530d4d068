public import Matching

/// The blocking rules among which training chooses, from fine to coarse.
public enum CandidateRules {
    /// All of them; at most 64, so that a set of them is one word of bits.
    public static let all: [BlockingRule] = [
        [.identifier], [.phone], [.email], [.emailLocal], [.birthDate], [.address], [.house],
        [.namePair], [.motherSound],
        [.birthDate, .anyInitial], [.defaultBirthDate, .anyInitial], [.defaultBirthDate, .initials, .anySound],
        [.birthDate, .postalCode], [.phone, .anyInitial],
        [.anySound, .birthDay], [.anySound, .birthMonth], [.anySound, .birthYear], [.anyInitial, .birthDay],
        [.initials, .birthYear], [.initials, .birthMonth], [.givenVariant, .birthYear], [.namePair, .birthYear],
        [.namePair, .birthDay],
        [.anySound, .postalCode], [.anySound, .city], [.namePair, .city], [.initials, .city],
        [.initials, .postalCode], [.birthYear, .postalCode], [.birthYear, .city], [.birthMonth, .city],
        [.house, .anyInitial], [.house, .anySound], [.house, .birthYear], [.anySound, .motherSound],
        [.anySound], [.initials], [.birthDay], [.birthMonth], [.postalCode], [.anyInitial, .birthYear],
        [.city], [.birthYear], [.anyInitial],
        [.anyStart, .birthYear], [.anyEnd, .birthYear], [.anyStart, .birthDay], [.anyEnd, .birthDay],
        [.anyEnd, .birthMonth], [.anyEnd, .postalCode],
    ].map { BlockingRule($0) }
}

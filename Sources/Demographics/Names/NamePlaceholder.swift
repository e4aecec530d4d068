/// Words that stand where a name should be: they say nothing about the person.
///
/// The roles are those that census takers find in name fields (US Census Bureau, "Person Identification Validation",
/// 2014), the others what clerks write for newborns and for patients who cannot speak.
public enum NamePlaceholder {
    /// True where the word is no name.
    public static func contains(_ word: Word) -> Bool { hashes.contains(word.hash) }

    private static let hashes: Set<UInt64> = Set(words.map { Word($0.utf8).hash })

    private static let words: [String] = [
        "unknown", "unk", "unkown", "anonymous", "anon", "none", "null", "nil", "na", "nan", "noname", "nfn", "nln",
        "fnu", "lnu", "notknown", "notgiven", "notavailable", "missing", "refused", "refuse", "declined", "blank",
        "test", "testing", "dummy", "patient", "xx", "xxx", "xxxx", "dk", "dont", "know",
        "baby", "babyboy", "babygirl", "infant", "newborn", "neonate", "boy", "girl", "child", "kid", "minor", "male",
        "female", "man", "woman", "adult", "person", "occupant", "resident", "tenant", "guest", "friend", "roommate",
        "dad", "mom", "mum", "mother", "father", "son", "daughter", "brother", "sister", "husband", "wife", "spouse",
        "grandma", "grandpa", "grandmother", "grandfather", "grandson", "granddaughter", "grandchild", "aunt", "uncle",
        "nephew", "niece", "cousin",
    ]
}

/// Why a resource is in the answer to a search or match.
public struct SearchResult: Sendable, Hashable {
    /// FHIR R4 value set `search-entry-mode`.
    public enum Mode: String, Sendable, Hashable, CaseIterable {
        /// It was looked for.
        case match
        /// It belongs to one that was looked for.
        case include
        /// It tells something about the search.
        case outcome
    }

    /// How sure a match is (FHIR R4 value set `match-grade`).
    public enum Grade: String, Sendable, Hashable, CaseIterable {
        /// The same person.
        case certain
        /// Most likely the same person.
        case probable
        /// May be the same person.
        case possible
        /// Not the same person.
        case certainlyNot = "certainly-not"
    }

    /// The extension that carries the grade.
    static let gradeURL = "http://hl7.org/fhir/StructureDefinition/match-grade"

    /// Why it is there.
    public var mode: Mode
    /// How well it fits, from 0 to 1.
    public var score: Double?
    /// How sure the match is.
    public var grade: Grade?

    /// Why a resource is there.
    public init(mode: Mode, score: Double? = nil, grade: Grade? = nil) {
        self.mode = mode
        self.score = score
        self.grade = grade
    }
}

public import Authorities
import Demographics
public import FHIR
import Lookup

/// A search for Patients: which records may be found, and whether one is.
///
///     let query = try PatientQuery([("family", "Mül"), ("birthdate", "1984-01-25")], context)
///     switch query.candidates { … }
///     if query.matches(subject) { … }
///
/// The clauses of a search all have to be satisfied. Every clause is verified on the Patient itself; keys only narrow
/// the records that are looked at.
public struct PatientQuery: Sendable {
    /// What the meaning of a search depends on.
    public struct Context: Sendable {
        /// Names of domains.
        public var authorities: AuthorityRegistry
        /// The system of golden identifiers.
        public var goldenSystem: String
        /// Now, in milliseconds since 1970.
        public var now: Int64

        /// Makes a context.
        public init(authorities: AuthorityRegistry, goldenSystem: String, now: Int64) {
            self.authorities = authorities
            self.goldenSystem = goldenSystem
            self.now = now
        }
    }

    /// A Patient that may be what is searched for.
    public struct Subject: Sendable {
        /// The Patient as its source sent it.
        public var patient: Patient
        /// Its logical id.
        public var id: String
        /// The golden identifier of its person.
        public var golden: String
        /// When it was written, in milliseconds since 1970.
        public var updated: Int64
        /// The canonical systems of the identifiers of the person's other records.
        public var otherSystems: [String] = []

        /// Makes a subject.
        public init(patient: Patient, id: String, golden: String, updated: Int64) {
            self.patient = patient
            self.id = id
            self.golden = golden
            self.updated = updated
        }
    }

    /// Where the records that may be found lie.
    public enum Candidates: Hashable, Sendable {
        /// Among the records with these ids.
        case ids([String])
        /// Among the records of the persons with these golden identifiers.
        case goldens([String])
        /// Among the records posted under these keys (`LookupKey`).
        case keys([UInt64])
        /// Anywhere: no parameter narrows the search.
        case everything
    }

    let clauses: [SearchClause]
    let context: Context
    /// The parameters that are part of the search, as they were written.
    public let used: [(name: String, value: String)]
    /// Parameters that nobody knows.
    public let ignored: [String]
    /// Whether nothing can be found, since a value is empty.
    public private(set) var isUnfulfillable = false
    /// The canonical systems to which the answer is restricted (`identifier=system|`); empty: no restriction.
    public let domains: [String]

    /// Most alternatives of one search: each may be a read of its own.
    public static let valueLimit = 64

    /// Reads a search.
    ///
    /// - Throws: `SearchFault` where a known parameter has a value or a modifier that cannot be used.
    public init(_ items: [(name: String, value: String)], _ context: Context) throws(SearchFault) {
        var clauses: [SearchClause] = []
        var used: [(name: String, value: String)] = []
        var ignored: [String] = []
        var isUnfulfillable = false
        for item in items {
            let parts = item.name.split(separator: ":", maxSplits: 1).map(String.init)
            guard let name = parts.first, let parameter = SearchParameter(rawValue: name) else {
                ignored.append(item.name)
                continue
            }
            // An empty value is that of a form not filled in: it must not show everybody.
            guard !item.value.isEmpty else {
                isUnfulfillable = true
                used.append(item)
                continue
            }
            let modifier = parts.count > 1 ? parts[1] : nil
            clauses.append(try SearchClause(parameter, modifier: modifier, item.value, context.authorities))
            used.append(item)
        }
        guard clauses.reduce(0, { $0 + $1.values.count }) <= PatientQuery.valueLimit else {
            let detail = "a search may have at most \(PatientQuery.valueLimit) values"
            throw SearchFault(kind: .tooCostly, parameter: used.last?.name ?? "", detail: detail)
        }
        self.isUnfulfillable = isUnfulfillable
        self.clauses = clauses
        self.context = context
        self.used = used
        self.ignored = ignored
        domains = clauses.flatMap(PatientQuery.domains)
    }

    /// A text as searches compare it: small letters without marks, words parted by one space.
    public static func folded(_ text: String) -> String { SearchClause.folded(text) }

    /// Whether nothing is asked for.
    public var isEmpty: Bool { clauses.isEmpty }

    /// The systems of a clause that names domains only.
    private static func domains(_ clause: SearchClause) -> [String] {
        guard clause.parameter == .identifier, clause.modifier == nil else { return [] }
        let systems = clause.values.compactMap { value -> String? in
            guard case .token(let system?, code: "") = value, !system.isEmpty else { return nil }
            return system
        }
        return systems.count == clause.values.count ? systems : []
    }
}

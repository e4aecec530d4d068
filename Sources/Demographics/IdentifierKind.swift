/// What an identifier counts: people, travel documents, insured persons, or the visits of one facility.
///
/// A person has one national number for life, yet a second number of the same hospital after a second registration.
/// The raw value is part of feature rows; there is room for eight.
public enum IdentifierKind: UInt8, CaseIterable, Sendable, Codable {
    /// Neither the type nor the system says.
    case unspecified = 0
    /// A number that a state gives to a person for life: national identifier, tax or social security number.
    case national
    /// A passport.
    case passport
    /// A number of an insurance or a benefit scheme.
    case insurance
    /// A document of the state other than these: driving licence, birth registration, voter's card.
    case document
    /// A number by which one facility or programme keeps its files.
    case facility

    /// The name in rule files.
    public var name: String { "\(self)" }

    /// The kind of an identifier: from its type, a code of HL7 table 0203, else from what its system is called.
    public init(type: String, system: String) {
        self = IdentifierKind.kind(ofType: type) ?? IdentifierKind.kind(ofSystem: system)
    }

    private static func kind(ofType type: String) -> IdentifierKind? {
        switch type.uppercased() {
        case "": nil
        case "NI", "SS", "TAX", "NIIP", "PNT": .national
        case "PPN": .passport
        case "NH", "HC", "MC", "MA", "SN", "SR", "PC": .insurance
        case "DL", "BR", "BRN", "DC", "MRT", "CZ", "PRC": .document
        case "MR", "MRN", "PI", "PT", "AN", "VN", "FI", "LR", "RI", "ANON", "XX": .facility
        // `NNxxx` is the national person identifier of a country.
        case let code where code.hasPrefix("NN") && code.utf8.count == 5: .national
        default: nil
        }
    }

    /// Systems are addresses that people choose; most name what they number.
    private static func kind(ofSystem system: String) -> IdentifierKind {
        var best: (rank: Int, kind: IdentifierKind)?
        SystemWords.forEach(system) { hash in
            guard let found = ranked[hash], found.rank < best?.rank ?? .max else { return }
            best = found
        }
        if let best { return best.kind }
        // The registered arc of social security numbers of the United States.
        return system.hasSuffix("2.16.840.1.113883.4.1") ? .national : .unspecified
    }

    /// By hash of the word; the words of the first line win over those of later ones.
    private static let ranked: [UInt64: (rank: Int, kind: IdentifierKind)] = {
        var table: [UInt64: (rank: Int, kind: IdentifierKind)] = [:]
        for (rank, line) in namesOfSystems.enumerated() {
            for name in line.1 { table[Word(name.utf8).hash] = (rank, line.0) }
        }
        return table
    }()

    /// Words that systems are called by, the telling ones only; compiled by hand from published address spaces.
    private static let namesOfSystems: [(IdentifierKind, [String])] = [
        (.passport, ["passport", "ppn"]),
        (.national, ["national", "nationalid", "nid", "nin", "nida", "ssn", "cpf", "aadhaar", "huduma", "curp"]),
        (.insurance, ["insurance", "nhif", "nhis", "shif", "medicare", "cns", "mutuelle"]),
        (.document, ["licence", "license", "voter", "birthcertificate"]),
        (.facility, ["mrn", "mr", "medicalrecord", "facility", "hospital", "clinic", "openmrs", "clients"]),
    ]
}

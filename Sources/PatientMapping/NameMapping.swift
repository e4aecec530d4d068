import Demographics
import FHIR

extension PatientMapping {
    /// Names, those in use first.
    static func names(of patient: Patient) -> [PersonName] {
        sorted(patient.names) { (rank(of: $0.use), 0) }.compactMap { name in
            let result = personName(name)
            return result.given.isEmpty && result.middle.isEmpty && result.family.isEmpty ? nil : result
        }
    }

    private static func rank(of use: HumanName.Use?) -> Int {
        switch use {
        case .official, .usual, nil: 0
        case .temp: 1
        case .nickname, .anonymous: 2
        case .maiden, .old: 3
        }
    }

    private static func personName(_ name: HumanName) -> PersonName {
        var result = PersonName(family: name.family, use: name.use?.rawValue ?? "")
        for (index, part) in name.given.enumerated() where !part.isEmpty {
            if name.middleIndices.contains(index) { result.middle.append(part) } else { result.given.append(part) }
        }
        if result.given.isEmpty, result.middle.isEmpty, result.family.isEmpty {
            split(name.text, into: &result)
        }
        // Junior and senior tell father and son apart; comparing reads them from the end of the family name.
        if !name.suffix.isEmpty, !result.family.isEmpty {
            result.family = joined([result.family] + name.suffix, by: " ")
        }
        return result
    }

    /// A name that came as one text: `Family, Given …` or `Given … Family`.
    private static func split(_ text: String, into name: inout PersonName) {
        let halves = text.split(separator: ",", maxSplits: 1).map { $0.split(separator: " ").map(String.init) }
        if halves.count == 2 {
            name.family = halves[0].joined(separator: " ")
            name.given = Array(halves[1].prefix(FHIRLimits.repetitions))
        } else if let words = halves.first, let last = words.last {
            name.family = last
            name.given = Array(words.dropLast().prefix(FHIRLimits.repetitions))
        }
    }

    /// A name as FHIR holds it; middle names follow the given names and are marked.
    static func humanName(_ name: PersonName) -> HumanName {
        var result = HumanName(
            use: HumanName.Use(rawValue: name.use),
            family: name.family,
            given: name.given + name.middle
        )
        result.middleIndices = Array(name.given.count..<result.given.count)
        return result
    }
}

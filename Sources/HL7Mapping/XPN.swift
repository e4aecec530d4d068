import FHIR
import HL7v2

/// Names: XPN and `HumanName`.
enum XPN {
    /// A name; `nil` where it says nothing.
    static func name(_ cell: FieldCell) throws(HL7Error) -> HumanName? {
        var name = HumanName(use: use(cell.repetition.text(7)), family: try cell.text(1))
        let given = try cell.text(2)
        if !given.isEmpty { name.given = [given] }
        let middle = try cell.text(3)
        if !middle.isEmpty {
            name.given.append(middle)
            name.middleIndices = given.isEmpty ? [] : [1]
        }
        let suffix = try cell.text(4)
        if !suffix.isEmpty { name.suffix = [suffix] }
        let prefix = try cell.text(5)
        if !prefix.isEmpty { name.prefix = [prefix] }
        return name.family.isEmpty && name.given.isEmpty ? nil : name
    }

    /// A name as one text, given names first.
    static func text(_ cell: FieldCell) throws(HL7Error) -> String {
        let parts = [try cell.text(2), try cell.text(3), try cell.text(1)]
        return parts.filter { !$0.isEmpty }.joined(separator: " ")
    }

    /// A name as HL7 v2 has it.
    static func repetition(_ name: HumanName) -> HL7Repetition {
        let given = name.given.enumerated().filter { !name.middleIndices.contains($0.offset) }.map(\.element)
        let middle = name.given.enumerated().filter { name.middleIndices.contains($0.offset) }.map(\.element)
        var family = name.family
        var first = given.first ?? ""
        if family.isEmpty, first.isEmpty, !name.text.isEmpty { (family, first) = split(name.text) }
        return HL7Repetition(
            texts: [
                family, first, (given.dropFirst() + middle).joined(separator: " "), name.suffix.first ?? "",
                name.prefix.first ?? "", "", code(name.use),
            ]
        )
    }

    private static func split(_ text: String) -> (family: String, given: String) {
        let words = text.split(separator: " ")
        return (words.last.map(String.init) ?? "", words.dropLast().joined(separator: " "))
    }

    /// Table 0200.
    private static func use(_ code: String) -> HumanName.Use? {
        switch code {
        case "L": .official
        case "D": .usual
        case "M", "B": .maiden
        case "N": .nickname
        case "A", "S": .anonymous
        case "T": .temp
        default: nil
        }
    }

    private static func code(_ use: HumanName.Use?) -> String {
        switch use {
        case .official, nil: "L"
        case .usual: "D"
        case .maiden, .old: "M"
        case .nickname: "N"
        case .anonymous: "S"
        case .temp: "T"
        }
    }
}

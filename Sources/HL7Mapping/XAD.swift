import FHIR
import HL7v2

/// Addresses: XAD and `Address`.
enum XAD {
    /// An address; `nil` where it says nothing.
    static func address(_ cell: FieldCell) throws(HL7Error) -> Address? {
        var address = Address(use: use(cell.repetition.text(7)))
        for component in [1, 2] {
            let line = try cell.text(component)
            if !line.isEmpty { address.line.append(line) }
        }
        address.city = try cell.text(3)
        address.state = try cell.text(4)
        address.postalCode = try cell.text(5)
        address.country = try cell.text(6)
        address.district = try cell.text(9)
        var empty = Address(use: address.use)
        empty.use = address.use
        return address == empty ? nil : address
    }

    /// An address as HL7 v2 has it.
    static func repetition(_ address: Address) -> HL7Repetition {
        let line = address.line.first ?? (address.city.isEmpty ? address.text : "")
        return HL7Repetition(
            texts: [
                line, address.line.dropFirst().joined(separator: ", "), address.city, address.state,
                address.postalCode, address.country, code(address.use), "", address.district,
            ]
        )
    }

    /// Table 0190.
    private static func use(_ code: String) -> Address.Use? {
        switch code {
        case "H", "P", "L": .home
        case "B", "O": .work
        case "C": .temp
        case "BA": .old
        case "BI": .billing
        default: nil
        }
    }

    private static func code(_ use: Address.Use?) -> String {
        switch use {
        case .home: "H"
        case .work: "B"
        case .temp: "C"
        case .old: "BA"
        case .billing: "BI"
        case nil: ""
        }
    }
}

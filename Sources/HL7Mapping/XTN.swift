import FHIR
import HL7v2

/// Phones and electronic addresses: XTN and `ContactPoint`.
enum XTN {
    /// A contact; `nil` where it says nothing.
    static func contact(_ cell: FieldCell, use standard: ContactPoint.Use) throws(HL7Error) -> ContactPoint? {
        let equipment = cell.repetition.text(3).uppercased()
        let mail = try cell.text(4)
        var value = try cell.text(1)
        if value.isEmpty { value = mail }
        if value.isEmpty {
            let country = try cell.text(5)
            let number = [try cell.text(6), try cell.text(7)].filter { !$0.isEmpty }.joined(separator: " ")
            value = country.isEmpty || number.isEmpty ? number : "+\(country.drop { $0 == "+" }) \(number)"
        }
        if value.isEmpty { value = try cell.text(12) }
        guard !value.isEmpty else { return nil }
        let isMail = equipment == "INTERNET" || equipment == "NET" || equipment == "X.400" || value.contains("@")
        let system: ContactPoint.System =
            isMail ? .email : equipment == "FX" ? .fax : equipment == "BP" ? .pager : .phone
        let use = equipment == "CP" ? ContactPoint.Use.mobile : use(cell.repetition.text(2)) ?? standard
        return ContactPoint(system: system, value: value, use: use)
    }

    /// A contact as HL7 v2 has it.
    static func repetition(_ contact: ContactPoint) -> HL7Repetition {
        if contact.system == .email || contact.value.contains("@") {
            return HL7Repetition(texts: ["", "NET", "Internet", contact.value])
        }
        let equipment = contact.system == .fax ? "FX" : contact.use == .mobile ? "CP" : "PH"
        return HL7Repetition(texts: [contact.value, contact.use == .work ? "WPN" : "PRN", equipment])
    }

    /// Table 0201.
    private static func use(_ code: String) -> ContactPoint.Use? {
        switch code {
        case "PRN", "NET": .home
        case "WPN": .work
        case "ORN", "VHN": .temp
        default: nil
        }
    }
}

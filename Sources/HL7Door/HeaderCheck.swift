internal import HL7v2

/// Whether a header says what is needed, and things that are understood.
enum HeaderCheck {
    private static let versions: Set = [
        "2.1", "2.2", "2.3", "2.3.1", "2.4", "2.5", "2.5.1", "2.6", "2.7", "2.7.1", "2.8", "2.8.1", "2.8.2", "2.9",
    ]
    /// The longest control id that is sent back; IHE has 20, version 2.7 has 199.
    private static let controlIDLimit = 199

    /// The messages that are taken.
    static let kinds: Set = [
        "ADT^A01", "ADT^A04", "ADT^A05", "ADT^A08", "ADT^A24", "ADT^A28", "ADT^A31", "ADT^A37", "ADT^A40", "QBP^Q22",
        "QBP^Q23", "QCN^J01",
    ]

    static let events = "taken are " + kinds.sorted().joined(separator: ", ")

    /// Refuses a header.
    static func check(_ request: HL7Request) throws(Refusal) {
        let header = request.header
        guard versions.contains(request.version) else {
            let reason = "this version of HL7 is not taken; 2.3.1 and 2.5 are usual"
            throw .message(HL7Error(.version, at: HL7Location("MSH", field: 12), reason))
        }
        guard ["P", "T", "D"].contains(header.text(11)) else {
            throw .message(HL7Error(.processingID, at: HL7Location("MSH", field: 11), "must be P, T or D"))
        }
        guard !request.controlID.isEmpty else {
            let reason = "a message needs a control id, so that its answer can be told from others"
            throw .message(HL7Error(.requiredField, at: HL7Location("MSH", field: 10), reason))
        }
        guard request.controlID.utf8.count <= controlIDLimit else {
            let reason = "a control id may have \(controlIDLimit) characters"
            throw .message(HL7Error(.dataType, at: HL7Location("MSH", field: 10), reason))
        }
        guard !request.type.isEmpty else {
            throw .message(HL7Error(.requiredField, at: HL7Location("MSH", field: 9), events))
        }
    }
}

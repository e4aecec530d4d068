internal import Authorities
internal import HL7v2
internal import PatientMapping
internal import Transport

/// A message that was read, with what its header says.
struct HL7Request: Sendable {
    let message: HL7Message
    /// Who sent it, for the question who may assign identifiers: the certificate's name, or `APPLICATION|FACILITY`.
    var client: String
    /// The bytes as they came, to know the same message again.
    let bytes: [UInt8]

    init(_ message: HL7Message, bytes: [UInt8], peer: PeerInfo, _ settings: HL7DoorSettings) {
        self.message = message
        self.bytes = bytes
        let header = message.header
        let stated = "\(header.text(3))|\(header.text(4))"
        // Who proved a name that is known may not take another one by writing it.
        if let proved = peer.certificate?.commonName,
            settings.identifiers.authorities.authorities.contains(where: { $0.assigners.contains(proved) })
        {
            client = proved
        } else {
            client = stated
        }
    }

    /// Who the sender says to be, `APPLICATION|FACILITY`.
    var sender: String { "\(header.text(3))|\(header.text(4))" }

    /// Who sends (3) or receives (5), in the words of the audit trail: `FACILITY|APPLICATION`.
    func party(_ field: Int) -> String {
        let (application, facility) = (header.text(field), header.text(field + 1))
        return application.isEmpty && facility.isEmpty ? "" : "\(facility.prefix(227))|\(application.prefix(227))"
    }

    var header: HL7Segment { message.header }
    /// What kind of message, such as `ADT`.
    var type: String { header.text(9, 1) }
    /// What happened or is asked, such as `A01`.
    var event: String { header.text(9, 2) }
    var controlID: String { header.text(10) }
    var version: String { header.text(12) }
}

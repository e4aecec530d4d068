public import JSON

extension Patient {
    /// The patient as JSON bytes; the same patient gives the same bytes.
    public func encoded() -> [UInt8] {
        var writer = JSONWriter(capacity: 1_024)
        write(to: &writer)
        return writer.bytes
    }

    /// Writes the patient as an object, elements in the order of the specification.
    public func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("resourceType", "Patient")
        writer.text("id", id)
        if let meta {
            writer.key("meta")
            meta.write(to: &writer)
        }
        writer.elements("extension", extensions) { $0.write(to: &$1) }
        writer.elements("identifier", identifiers) { $0.write(to: &$1) }
        writer.flag("active", active)
        writer.elements("name", names) { $0.write(to: &$1) }
        writer.elements("telecom", telecom) { $0.write(to: &$1) }
        writer.code("gender", gender)
        writer.text("birthDate", birthDate?.description ?? "")
        writeDeceased(to: &writer)
        writer.elements("address", addresses) { $0.write(to: &$1) }
        if let maritalStatus {
            writer.key("maritalStatus")
            maritalStatus.write(to: &writer)
        }
        writeMultipleBirth(to: &writer)
        writer.elements("contact", contacts) { $0.write(to: &$1) }
        if let managingOrganization {
            writer.key("managingOrganization")
            managingOrganization.write(to: &writer)
        }
        writer.elements("link", links) { $0.write(to: &$1) }
        writer.endObject()
    }

    private func writeDeceased(to writer: inout JSONWriter) {
        switch deceased {
        case .boolean(let flag):
            writer.key("deceasedBoolean")
            writer.boolean(flag)
        case .dateTime(let date): writer.member("deceasedDateTime", date.text)
        case nil: break
        }
    }

    private func writeMultipleBirth(to writer: inout JSONWriter) {
        switch multipleBirth {
        case .boolean(let flag):
            writer.key("multipleBirthBoolean")
            writer.boolean(flag)
        case .integer(let order):
            writer.key("multipleBirthInteger")
            writer.integer(order)
        case nil: break
        }
    }
}

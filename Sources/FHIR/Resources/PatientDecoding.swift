import JSON

extension Patient {
    /// Most bytes of one Patient: photographs included, far above any demographic record.
    public static let bytesMax = 4 << 20

    private enum Field: Int, ElementField {
        case identifier, name, telecom, gender, birthDate, address, resourceType, id, meta, active
        case deceasedBoolean, deceasedDateTime, maritalStatus, multipleBirthBoolean, multipleBirthInteger
        case contact, managingOrganization, link, extensions, modifierExtension, implicitRules
        static let names: [StaticString] = [
            "identifier", "name", "telecom", "gender", "birthDate", "address", "resourceType", "id", "meta", "active",
            "deceasedBoolean", "deceasedDateTime", "maritalStatus", "multipleBirthBoolean", "multipleBirthInteger",
            "contact", "managingOrganization", "link", "extension",
            "modifierExtension", "implicitRules",
        ]
    }

    /// Reads a Patient that is the whole text.
    ///
    /// - Throws: `FHIRError` that names the element at fault.
    public init(decoding bytes: RawSpan) throws(FHIRError) {
        do throws(JSONFault) {
            var scanner = try JSONScanner(bytes, limits: JSONLimits(bytes: Self.bytesMax))
            self = try Self.read(&scanner)
            try scanner.finish()
        } catch {
            throw FHIRError(error, in: bytes, root: "Patient")
        }
    }

    static func read(_ scanner: inout JSONScanner) throws(JSONFault) -> Patient {
        var patient = Patient()
        var isPatient = false
        _ = try scanner.peekKind()
        let start = scanner.position
        var members = try ElementReader<Field>(&scanner)
        while let field = try members.next(&scanner) {
            if field == .resourceType {
                try scanner.fhirResourceType("Patient")
                isPatient = true
            } else {
                try patient.read(field, from: &scanner)
            }
        }
        guard isPatient else {
            throw scanner.refuse(.required, "a resource needs its resourceType, here \"Patient\"", at: start)
        }
        return patient
    }

    private mutating func read(_ field: Field, from scanner: inout JSONScanner) throws(JSONFault) {
        switch field {
        case .identifier: identifiers = try scanner.fhirElements(Identifier.read)
        case .name: names = try scanner.fhirElements(HumanName.read)
        case .telecom: telecom = try scanner.fhirElements(ContactPoint.read)
        case .gender: gender = try scanner.fhirCode(AdministrativeGender.self)
        case .birthDate: birthDate = try scanner.fhirDate()
        case .address: addresses = try scanner.fhirElements(Address.read)
        case .id: id = try scanner.fhirText()
        case .meta: meta = try Meta.read(&scanner)
        case .active: active = try scanner.boolean()
        case .maritalStatus: maritalStatus = try CodeableConcept.read(&scanner)
        case .contact: contacts = try scanner.fhirElements(PatientContact.read)
        case .managingOrganization: managingOrganization = try Reference.read(&scanner)
        case .link: links = try scanner.fhirElements(PatientLink.read)
        case .extensions: extensions = try scanner.fhirElements(Extension.read)
        case .deceasedBoolean, .deceasedDateTime: try readDeceased(field, from: &scanner)
        case .multipleBirthBoolean, .multipleBirthInteger: try readMultipleBirth(field, from: &scanner)
        case .modifierExtension, .implicitRules:
            modifier = Field.names[field.rawValue].description
            try scanner.skipValue()
        case .resourceType: break
        }
    }

    private mutating func readDeceased(_ field: Field, from scanner: inout JSONScanner) throws(JSONFault) {
        guard deceased == nil else {
            throw scanner.refuse(
                .structure,
                "deceasedBoolean and deceasedDateTime exclude each other",
                at: scanner.position
            )
        }
        deceased =
            field == .deceasedBoolean ? .boolean(try scanner.boolean()) : .dateTime(try scanner.fhirDateTime())
    }

    private mutating func readMultipleBirth(_ field: Field, from scanner: inout JSONScanner) throws(JSONFault) {
        guard multipleBirth == nil else {
            let reason = "multipleBirthBoolean and multipleBirthInteger exclude each other"
            throw scanner.refuse(.structure, reason, at: scanner.position)
        }
        multipleBirth =
            field == .multipleBirthBoolean ? .boolean(try scanner.boolean()) : .integer(try Self.birthOrder(&scanner))
    }

    /// Reads `multipleBirthInteger`, which some systems in the field send as a string of digits.
    private static func birthOrder(_ scanner: inout JSONScanner) throws(JSONFault) -> Int {
        guard try scanner.peekKind() == .string else { return try scanner.fhirInteger() }
        let slice = try scanner.string()
        guard let order = Int32(scanner.text(slice)) else {
            throw scanner.refuse(.value, "not an integer", at: slice.offset - 1)
        }
        return Int(order)
    }
}

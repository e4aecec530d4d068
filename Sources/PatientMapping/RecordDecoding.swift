import Authorities
public import Demographics
public import FHIR
public import Identifiers

extension PatientMapping {
    /// The record that the bytes of a Patient tell.
    ///
    /// - Parameters:
    ///   - bytes: one Patient in JSON.
    ///   - key: what names the record, where the caller knows it already.
    /// - Returns: the record.
    /// - Throws: `FHIRError` that names the element at fault.
    public func record(decoding bytes: RawSpan, key: RecordKey? = nil) throws(FHIRError) -> SourceRecord {
        try record(from: try Patient(decoding: bytes), key: key)
    }

    /// The record that a Patient tells.
    ///
    /// - Parameters:
    ///   - patient: the Patient.
    ///   - key: what names the record, where the caller knows it already.
    /// - Returns: the record.
    /// - Throws: `FHIRError` when nothing names the record.
    public func record(from patient: Patient, key: RecordKey? = nil) throws(FHIRError) -> SourceRecord {
        var record = SourceRecord(key: try chosen(key, for: patient))
        record.active = patient.active ?? true
        record.names = Self.names(of: patient)
        record.sex = patient.text(Self.rawSexURL) ?? patient.gender?.rawValue ?? ""
        record.birthDate = patient.birthDate?.description ?? patient.text(Self.rawBirthDateURL) ?? ""
        record.deathDate = Self.deathDate(of: patient)
        record.multipleBirth = Self.multipleBirth(of: patient)
        record.identifiers = identifiers(of: patient, besides: record.key)
        record.bareIdentifiers = bareIdentifiers(of: patient)
        record.contacts = Self.contacts(of: patient)
        record.addresses = Self.addresses(of: patient)
        record.motherName = Self.motherName(of: patient)
        return record
    }

    private func chosen(_ key: RecordKey?, for patient: Patient) throws(FHIRError) -> RecordKey {
        if let key { return key }
        return try self.key(of: patient)
    }

    /// Identifiers to compare, those that name the person first: comparing looks at the first few only.
    ///
    /// A value without a system says nothing to anybody else and is left out, unless its type says that it is national.
    private func identifiers(of patient: Patient, besides key: RecordKey) -> [PatientIdentifier] {
        var national: [PatientIdentifier] = []
        var others: [PatientIdentifier] = []
        for identifier in patient.identifiers where !identifier.value.isEmpty {
            guard identifier.system != settings.goldenSystem else { continue }
            let type = identifier.typeCode
            let own = self.key(identifier)
            if isNational(identifier) {
                let system = identifier.system.isEmpty ? settings.nationalSystem : own.source
                national.append(PatientIdentifier(system: system, value: identifier.value, type: type))
            } else if !identifier.system.isEmpty, own != key {
                others.append(PatientIdentifier(system: own.source, value: identifier.value, type: type))
            }
        }
        // One place is kept for the key, so that the record can be written as a Patient again.
        return Array((national + others).prefix(FHIRLimits.repetitions - 1))
    }

    private func bareIdentifiers(of patient: Patient) -> [String] {
        patient.identifiers.filter { $0.system.isEmpty && !$0.value.isEmpty && !isNational($0) }.map(\.value)
    }

    private static func deathDate(of patient: Patient) -> String {
        if case .dateTime(let date) = patient.deceased { return date.text }
        return patient.text(rawDeathDateURL) ?? ""
    }

    private static func multipleBirth(of patient: Patient) -> MultipleBirth? {
        switch patient.multipleBirth {
        case .boolean(let isMultiple): .known(isMultiple)
        case .integer(let order): .order(order)
        case nil: nil
        }
    }

    /// Phones and e-mail addresses, preferred ones first.
    private static func contacts(of patient: Patient) -> [Demographics.ContactPoint] {
        let ordered = sorted(patient.telecom) { ($0.use == .old ? Int.max : 0, $0.rank ?? Int.max) }
        return ordered.compactMap { contact in
            guard !contact.value.isEmpty else { return nil }
            return Demographics.ContactPoint(system: system(of: contact), value: contact.value)
        }
    }

    private static func system(of contact: FHIR.ContactPoint) -> Demographics.ContactPoint.System {
        switch contact.system {
        case .phone, .sms: .phone
        case .email: .email
        case .fax, .pager, .url, .other: .other
        case nil: contact.value.utf8.contains(UInt8(ascii: "@")) ? .email : .phone
        }
    }

    /// Addresses, current ones first.
    private static func addresses(of patient: Patient) -> [PostalAddress] {
        let ordered = sorted(patient.addresses) {
            ($0.use == .old ? 2 : $0.use == .temp || $0.use == .billing ? 1 : 0, 0)
        }
        return ordered.compactMap { address in
            var line = Self.joined(address.line, by: ", ")
            let district = address.district.isEmpty ? address.state : address.district
            if line.isEmpty, address.city.isEmpty, district.isEmpty { line = address.text }
            let result = PostalAddress(
                line: line,
                city: address.city,
                district: district,
                postalCode: address.postalCode,
                country: address.country
            )
            return result == PostalAddress() ? nil : result
        }
    }

    /// The maiden name extension, or the contact whose relationship says mother.
    private static func motherName(of patient: Patient) -> String {
        if let name = patient.text(Patient.mothersMaidenNameURL) { return name }
        guard let name = patient.contacts.first(where: \.isMother)?.name else { return "" }
        if !name.text.isEmpty { return name.text }
        return joined(name.given + [name.family], by: " ")
    }

    /// The parts that are not empty as one text; those that would make it longer than a text may be are left out.
    static func joined(_ parts: [String], by separator: String) -> String {
        guard var text = parts.first else { return "" }
        for part in parts.dropFirst() where !part.isEmpty {
            guard !text.isEmpty else {
                text = part
                continue
            }
            let length = text.utf8.count + separator.utf8.count + part.utf8.count
            if length <= FHIRLimits.textBytes { text += separator + part }
        }
        return text
    }

    /// Sorts by rank; equal ranks keep their order.
    static func sorted<Element>(_ elements: [Element], by rank: (Element) -> (Int, Int)) -> [Element] {
        guard elements.count > 1 else { return elements }
        let ranks = elements.map(rank)
        let isOrdered = ranks.indices.dropFirst().allSatisfy { ranks[$0 - 1] <= ranks[$0] }
        guard !isOrdered else { return elements }
        let order = elements.indices.sorted { (ranks[$0].0, ranks[$0].1, $0) < (ranks[$1].0, ranks[$1].1, $1) }
        return order.map { elements[$0] }
    }
}

extension Patient {
    /// The text of an extension; `nil` when there is none.
    func text(_ url: String) -> String? {
        for item in extensions where item.url == url {
            if case .text(let text) = item.value, !text.isEmpty { return text }
        }
        return nil
    }
}

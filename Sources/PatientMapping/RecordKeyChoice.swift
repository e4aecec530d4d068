import Authorities
public import FHIR
public import Identifiers

extension PatientMapping {
    /// The key by which a Patient's identifiers name its record.
    ///
    /// - Throws: `FHIRError` when no identifier can name it.
    public func key(of patient: Patient) throws(FHIRError) -> RecordKey {
        var national: Identifier?
        for identifier in patient.identifiers where canName(identifier) {
            guard settings.sourceSystems.isEmpty, isNational(identifier) else {
                return self.key(identifier)
            }
            national = national ?? identifier
        }
        guard let national else { throw FHIRError(.required, expression: "Patient.identifier", reason: keyReason) }
        return self.key(national)
    }

    /// The key that an identifier stands for, whichever name of its domain was used.
    public func key(_ identifier: Identifier) -> RecordKey {
        RecordKey(source: settings.authorities.canonical(identifier.system), value: identifier.value)
    }

    private func canName(_ identifier: Identifier) -> Bool {
        guard !identifier.value.isEmpty, !identifier.system.isEmpty else { return false }
        guard settings.sourceSystems.isEmpty else { return settings.sourceSystems.contains(identifier.system) }
        return identifier.use != .old && identifier.system != settings.goldenSystem
    }

    /// Whether an identifier names a person in a country rather than a record at a source.
    func isNational(_ identifier: Identifier) -> Bool {
        identifier.system == settings.nationalSystem || identifier.typeCode == Self.nationalType
    }

    private var keyReason: String {
        guard !settings.sourceSystems.isEmpty else {
            return "an identifier with system and value is needed to name the record at its source"
        }
        return "an identifier of one of the configured source systems is needed to name the record"
    }
}

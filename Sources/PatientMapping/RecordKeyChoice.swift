public import FHIR
public import Identifiers

extension PatientMapping {
    /// The key by which a Patient's identifiers name its record.
    ///
    /// - Throws: `FHIRError` when no identifier can name it.
    public func key(of patient: Patient) throws(FHIRError) -> RecordKey {
        let usable = patient.identifiers.filter { !$0.value.isEmpty && $0.system != settings.goldenSystem }
        let chosen =
            settings.sourceSystems.isEmpty
            ? usable.first { !$0.system.isEmpty && $0.use != .old && !isNational($0) }
                ?? usable.first { !$0.system.isEmpty && $0.use != .old }
            : usable.first { settings.sourceSystems.contains($0.system) }
        guard let chosen else { throw FHIRError(.required, expression: "Patient.identifier", reason: keyReason) }
        return RecordKey(source: chosen.system, value: chosen.value)
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

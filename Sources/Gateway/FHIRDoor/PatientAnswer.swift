internal import Coordinator
internal import FHIR
internal import Identifiers

/// Patients as they are answered: the bytes that the source sent, with id, version, time and golden identifier.
enum PatientAnswer {
    /// The header field that marks a record that is not searched for yet.
    static let unsearchedField = "x-tessera-unsearched"

    /// The stored record as a Patient.
    ///
    /// - Throws: a 500 where the stored bytes are no Patient any more.
    static func bytes(_ record: StoredRecord, _ configuration: GatewayConfiguration) throws(DoorFault) -> [UInt8] {
        try bytes(
            record.document,
            id: record.id,
            version: record.version,
            updated: record.updated,
            golden: record.golden,
            configuration
        )
    }

    /// A document as a Patient.
    static func bytes(
        _ document: [UInt8],
        id: RecordID,
        version: UInt32,
        updated: UInt64,
        golden: GoldenID?,
        _ configuration: GatewayConfiguration
    ) throws(DoorFault) -> [UInt8] {
        let instant = FHIRInstant(milliseconds: Int64(clamping: updated))
        var stamp = PatientStamp(
            id: id.description,
            meta: Meta(versionId: String(version), lastUpdated: instant.description),
            identifiers: golden.map { [Identifier(system: configuration.goldenSystem, value: $0.description)] } ?? []
        )
        stamp.renamedSystems = configuration.aliases
        do throws(FHIRError) {
            return try stamp.applied(to: document.span.bytes)
        } catch {
            throw DoorFault.unreadable(id)
        }
    }

    /// The header fields of an answer that holds, or stands for, one version.
    static func headers(version: UInt32, updated: UInt64) -> DoorFields {
        ["etag": EntityTag.text(version), "last-modified": HTTPDate.text(milliseconds: updated)]
    }
}

// rooms: Bytes Identifiers JSON FHIR Demographics Authorities PatientMapping
// packages: Yams

import Demographics
import FHIR
import Identifiers
import PatientMapping

/// A Patient: no trap; what is accepted is written, read back the same, and its record survives the way through FHIR.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
    let bytes = Array(UnsafeBufferPointer(start: data, count: count))
    do throws(FHIRError) {
        let patient = try Patient(decoding: bytes.span.bytes)
        _ = try PatientStamp(id: "1", identifiers: [Identifier(system: "g", value: "1")]).applied(to: bytes.span.bytes)
        try checkRecord(of: patient)
    } catch {
        precondition(!error.description.isEmpty)
    }
    return 0
}

private func checkRecord(of patient: Patient) throws(FHIRError) {
    let mapping = PatientMapping()
    let record = try mapping.record(from: patient, key: RecordKey(source: "s", value: "v"))
    let once = mapping.encoded(record)
    guard let read = read(once, mapping) else { preconditionFailure("written, but not read") }
    precondition(mapping.encoded(read) == once, "a record must not change on its second way")
}

private func read(_ bytes: [UInt8], _ mapping: PatientMapping) -> SourceRecord? {
    do throws(FHIRError) {
        return try mapping.record(decoding: bytes.span.bytes)
    } catch {
        return nil
    }
}

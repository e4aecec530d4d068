import FHIR

/// Decodes a Patient from a text.
func patient(_ text: String) throws(FHIRError) -> Patient {
    let bytes = Array(text.utf8)
    return try Patient(decoding: bytes.span.bytes)
}

/// The error that decoding a Patient gives, `nil` when it is accepted.
func patientError(_ text: String) -> FHIRError? {
    do throws(FHIRError) {
        _ = try patient(text)
        return nil
    } catch {
        return error
    }
}

/// Bytes as text, for comparison with what is expected.
func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

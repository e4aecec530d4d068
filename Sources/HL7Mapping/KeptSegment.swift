public import FHIR
public import HL7v2

/// The segment PID that a Patient came from, kept in the Patient without the patient's own identifiers.
public enum KeptSegment {
    /// The extension that holds a piece of it; pieces stand in order.
    public static let url = "urn:tessera:hl7v2-pid"
    /// Most pieces: what stays below the repetitions that a Patient may have.
    static let pieces = 48
    /// Bytes of a piece.
    static let pieceBytes = 1_000

    /// Writes a segment into a Patient.
    ///
    /// - Throws: `HL7Error` where it is too long.
    static func keep(_ pid: HL7Segment, in patient: inout Patient) throws(HL7Error) {
        var copy = pid.rewritten(.usual)
        // Identifiers stand in the Patient, and only there: an answer may be restricted to some domains.
        for field in [1, 2, 3, 4, 18, 19, 20] { copy.set(field, written: "") }
        for field in 1...39 where copy.raw(field) == HL7Field.null { copy.set(field, written: "") }
        var rest = Array(copy.text.utf8)[...]
        var count = 0
        while !rest.isEmpty {
            count += 1
            guard count <= pieces else {
                throw HL7Error(.dataType, at: .segment(pid.name), "the segment may have \(pieces * pieceBytes) bytes")
            }
            var end = min(rest.startIndex + pieceBytes, rest.endIndex)
            // Not within a character: continuation bytes stay with their first, and blanks do not begin a piece.
            while end < rest.endIndex, end > rest.startIndex + 1, rest[end] & 0xC0 == 0x80 { end -= 1 }
            let piece = String(decoding: rest[..<end], as: UTF8.self)
            patient.extensions.append(Extension(url: url, value: .text(piece)))
            rest = rest[end...]
        }
    }

    /// The segment that is kept in a Patient; `nil` where it came by another way.
    public static func segment(of patient: Patient) -> HL7Segment? {
        var text = ""
        for item in patient.extensions where item.url == url {
            if case .text(let piece) = item.value { text += piece }
        }
        guard text.hasPrefix("PID") else { return nil }
        do throws(HL7Error) {
            let header = "MSH|^~\\&||||||||||||||||UNICODE UTF-8\r"
            return try HL7Message(decoding: Array((header + text).utf8)).first("PID")
        } catch {
            return nil
        }
    }
}

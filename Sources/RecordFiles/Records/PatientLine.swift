import Demographics
import FHIR
import JSON
import PatientMapping

/// Makes source records out of one line of FHIR: a Patient, or a Bundle of them.
struct PatientLine {
    let mapping: PatientMapping

    /// What a line holds, in order; never empty.
    func items(line: Int, _ bytes: [UInt8]) -> [RecordFileItem] {
        do throws(FHIRError) {
            let header = try ResourceHeader(decoding: bytes.span.bytes)
            switch header.resourceType {
            case "Patient": return [item(line: line, bytes, within: nil, id: header.id)]
            case "Bundle": return bundle(line: line, bytes, try Bundle(decoding: bytes.span.bytes))
            default:
                let reason = "expected a Patient or a Bundle, found a resource of another type"
                return [.reject(line: line, recordID: Self.shown(header.id), reason: reason)]
            }
        } catch {
            return [.reject(line: line, recordID: nil, reason: Self.told(error))]
        }
    }

    private func bundle(line: Int, _ bytes: [UInt8], _ bundle: Bundle) -> [RecordFileItem] {
        guard !bundle.entries.isEmpty else {
            return [.reject(line: line, recordID: nil, reason: "Bundle: it has no entry")]
        }
        return bundle.entries.enumerated().map { index, entry in
            let place = "Bundle.entry[\(index)].resource"
            if let fault = entry.fault { return .reject(line: line, recordID: nil, reason: Self.told(fault)) }
            guard let slice = entry.resource else {
                return .reject(line: line, recordID: nil, reason: "\(place): missing")
            }
            return item(line: line, Array(bytes[slice.range]), within: place, id: "")
        }
    }

    private func item(line: Int, _ bytes: [UInt8], within place: String?, id: String) -> RecordFileItem {
        do throws(FHIRError) {
            let record = try mapping.record(decoding: bytes.span.bytes)
            return .record(line: line, record, patient: bytes)
        } catch {
            let error = place.map { error.within($0) } ?? error
            return .reject(line: line, recordID: Self.shown(id), reason: Self.told(error))
        }
    }

    /// The fault without a place in the text: the line is told already, and columns of long lines help nobody.
    private static func told(_ error: FHIRError) -> String {
        error.expression.isEmpty ? error.reason : "\(error.expression): \(error.reason)"
    }

    private static func shown(_ id: String) -> String? { id.isEmpty ? nil : id }
}

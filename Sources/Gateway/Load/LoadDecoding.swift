internal import Coordinator
internal import FHIR
internal import JSON
internal import PatientMapping

/// Turns the lines of a bulk load into submissions.
enum LoadDecoding {
    /// Adds what a line holds to a piece: a Patient, the entries of a Bundle, or why it is neither.
    static func add(
        _ line: [UInt8],
        line number: Int,
        to piece: inout LoadPiece,
        _ configuration: GatewayConfiguration,
        _ metrics: GatewayMetrics
    ) {
        do throws(DoorFault) {
            if isBundle(line) {
                try addBundle(line, line: number, to: &piece, configuration, metrics)
            } else {
                piece.add(try submission(line, configuration.mapping), line: number, entry: nil)
            }
        } catch {
            metrics.refused(error.code.rawValue)
            piece.add(error, line: number, entry: nil)
        }
    }

    private static func addBundle(
        _ line: [UInt8],
        line number: Int,
        to piece: inout LoadPiece,
        _ configuration: GatewayConfiguration,
        _ metrics: GatewayMetrics
    ) throws(DoorFault) {
        let bundle: Bundle
        do throws(FHIRError) {
            bundle = try Bundle(decoding: line.span.bytes)
        } catch {
            throw DoorFault(error)
        }
        guard !bundle.entries.isEmpty else { throw .invalid("the Bundle has no entry", at: "Bundle.entry") }
        for (index, entry) in bundle.entries.enumerated() {
            do throws(DoorFault) {
                if let fault = entry.fault { throw DoorFault(fault).withoutPlace }
                let place = "Bundle.entry[\(index)].resource"
                guard let slice = entry.resource else {
                    throw DoorFault(422, .required, "an entry needs a resource", at: place)
                }
                do throws(DoorFault) {
                    let document = Array(line[slice.range])
                    piece.add(try submission(document, configuration.mapping), line: number, entry: index)
                } catch {
                    throw error.within(place)
                }
            } catch {
                metrics.refused(error.code.rawValue)
                piece.add(error, line: number, entry: index)
            }
        }
    }

    private static func submission(_ document: [UInt8], _ mapping: PatientMapping) throws(DoorFault) -> Submission {
        do throws(FHIRError) {
            return Submission(record: try mapping.record(decoding: document.span.bytes), document: document)
        } catch {
            throw DoorFault(error)
        }
    }

    /// Whether the line says that it is a Bundle; what cannot be read is taken for a Patient, whose reader tells why.
    private static func isBundle(_ line: [UInt8]) -> Bool {
        do throws(JSONFault) {
            var scanner = try JSONScanner(line.span.bytes)
            try scanner.beginObject()
            while let key = try scanner.nextKey() {
                guard scanner.key(key, is: "resourceType") else {
                    try scanner.skipValue()
                    continue
                }
                return scanner.key(try scanner.string(), is: "Bundle")
            }
            return false
        } catch {
            return false
        }
    }
}

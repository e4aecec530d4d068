// rooms: JSON FHIR

import FHIR
import JSON

/// A Bundle or Parameters: no trap, and the resources that they name lie within the bytes.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
    let bytes = Array(UnsafeBufferPointer(start: data, count: count))
    do throws(FHIRError) {
        let bundle = try Bundle(decoding: bytes.span.bytes)
        for entry in bundle.entries {
            guard let slice = entry.resource else { continue }
            _ = try ResourceHeader(decoding: bytes.span.bytes.extracting(slice.range))
        }
    } catch {
        precondition(!error.description.isEmpty)
    }
    do throws(FHIRError) {
        let match = try MatchParameters(decoding: bytes.span.bytes)
        _ = try Patient(decoding: bytes.span.bytes.extracting(match.resource.range))
    } catch {
        precondition(!error.description.isEmpty)
    }
    return 0
}

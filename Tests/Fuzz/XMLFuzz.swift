// rooms: JSON FHIR

import FHIR

/// A resource in XML: no trap; what is accepted is written as JSON, and stays the same on the way to XML and back.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
    let bytes = Array(UnsafeBufferPointer(start: data, count: count))
    do throws(FHIRError) {
        let json = try FHIRXML.json(from: bytes)
        guard let xml = try? FHIRXML.xml(from: json) else { preconditionFailure("read, but not written") }
        guard let again = try? FHIRXML.json(from: xml) else { preconditionFailure("written, but not read") }
        precondition(again == json, "a resource must not change on its second way")
    } catch {
        precondition(!error.description.isEmpty)
    }
    return 0
}

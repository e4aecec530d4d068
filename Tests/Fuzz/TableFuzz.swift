// rooms: Bytes Identifiers JSON FHIR Demographics Authorities PatientMapping RecordFiles
// packages: Yams
// libraries: z

import RecordFiles

/// A file of patients, compressed or not, of either format: no trap, the end is reached, lines only grow.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
    guard count > 0 else { return 0 }
    var options = RecordFileOptions()
    options.format = data[0] & 1 == 0 ? .csv : .ndjson
    // Half of the inputs get a header that can be used, so that rows are reached.
    let header = data[0] & 2 == 0 ? Array("record_id,given_name,birth_date\n".utf8) : []
    let bytes = header + Array(UnsafeBufferPointer(start: data + 1, count: count - 1))
    do throws(RecordFileError) {
        var reader = try RecordFileReader(bytes: bytes, options: options)
        var last = 0
        while let item = try reader.next() {
            switch item {
            case .record(let line, _, _), .reject(let line, _, _):
                precondition(line >= last, "a line was given twice")
                last = line
            }
        }
    } catch {
        precondition(!error.description.isEmpty)
    }
    return 0
}

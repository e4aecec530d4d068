// rooms: JSON

import JSON

/// Whatever comes in: no trap, skipping and building agree, and what is accepted survives being written and read again.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
    let bytes = Array(UnsafeBufferPointer(start: data, count: count))
    let skipped = skipFault(bytes)
    do throws(JSONError) {
        let value = try JSONValue(parsing: bytes.span.bytes)
        precondition(skipped == nil, "built, but not skipped")
        let written = value.serialised()
        let again: JSONValue
        do throws(JSONError) {
            again = try JSONValue(parsing: written.span.bytes)
        } catch {
            preconditionFailure("written, but not read: \(error)")
        }
        precondition(again == value, "read back differently")
    } catch {
        precondition(!error.description.isEmpty && error.offset <= count)
        if case .duplicateKey = error.problem { return 0 }
        precondition(skipped == error.fault, "refused differently")
    }
    return 0
}

private func skipFault(_ bytes: [UInt8]) -> JSONFault? {
    do throws(JSONFault) {
        var scanner = try JSONScanner(bytes.span.bytes)
        try scanner.skipValue()
        try scanner.finish()
        return nil
    } catch {
        return error
    }
}

extension JSONError {
    fileprivate var fault: JSONFault { JSONFault(problem, at: offset) }
}

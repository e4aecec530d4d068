import JSON

/// Scans the whole text as one value without building it.
func scan(_ bytes: [UInt8], limits: JSONLimits = JSONLimits()) throws(JSONError) {
    do throws(JSONFault) {
        var scanner = try JSONScanner(bytes.span.bytes, limits: limits)
        try scanner.skipValue()
        try scanner.finish()
    } catch {
        throw JSONError(error, in: bytes.span.bytes)
    }
}

/// The error that scanning gives, `nil` when the text is accepted.
func scanError(_ bytes: [UInt8], limits: JSONLimits = JSONLimits()) -> JSONError? {
    do throws(JSONError) {
        try scan(bytes, limits: limits)
        return nil
    } catch {
        return error
    }
}

/// The error that building a value gives, `nil` when the text is accepted.
func parseError(_ bytes: [UInt8], limits: JSONLimits = JSONLimits()) -> JSONError? {
    do throws(JSONError) {
        _ = try JSONValue(parsing: bytes.span.bytes, limits: limits)
        return nil
    } catch {
        return error
    }
}

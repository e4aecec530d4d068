internal import JSON

/// Replaces the values of `reference` in a resource, byte by byte, everything else left as it was.
enum ReferenceResolution {
    /// The document with every reference that `addresses` knows replaced; `nil` where it holds none of them.
    static func resolved(_ document: [UInt8], _ addresses: [String: String]) -> [UInt8]? {
        var edits: [(Range<Int>, String)] = []
        do throws(JSONFault) {
            var scanner = try JSONScanner(document.span.bytes)
            try collect(&scanner, isReference: false, addresses, &edits)
        } catch {
            // The document was decoded before, so it scans; one that does not is left as it is.
            return nil
        }
        guard !edits.isEmpty else { return nil }
        var result: [UInt8] = []
        var position = 0
        for (range, address) in edits {
            result.append(contentsOf: document[position..<range.lowerBound])
            result.append(contentsOf: address.utf8)
            position = range.upperBound
        }
        result.append(contentsOf: document[position...])
        return result
    }

    /// With what a reference begins that is a search.
    static let search = "Patient?"

    /// The references of a resource that are searches.
    static func searches(_ document: [UInt8]) -> [String] {
        // Nearly none has one: a look at the bytes is enough.
        guard String(decoding: document, as: UTF8.self).contains(search) else { return [] }
        var found: [String] = []
        do throws(JSONFault) {
            var scanner = try JSONScanner(document.span.bytes)
            try list(&scanner, isReference: false, &found)
        } catch {
            return []
        }
        return found
    }

    private static func list(
        _ scanner: inout JSONScanner,
        isReference: Bool,
        _ found: inout [String]
    ) throws(JSONFault) {
        switch try scanner.peekKind() {
        case .object:
            try scanner.beginObject()
            while let key = try scanner.nextKey() {
                try list(&scanner, isReference: scanner.key(key, is: "reference"), &found)
            }
        case .array:
            try scanner.beginArray()
            while try scanner.nextElement() { try list(&scanner, isReference: false, &found) }
        case .string where isReference:
            let text = scanner.text(try scanner.string())
            if text.hasPrefix(search) { found.append(text) }
        default: try scanner.skipValue()
        }
    }

    /// Walks one value; the scanner's depth limit bounds the recursion.
    private static func collect(
        _ scanner: inout JSONScanner,
        isReference: Bool,
        _ addresses: [String: String],
        _ edits: inout [(Range<Int>, String)]
    ) throws(JSONFault) {
        switch try scanner.peekKind() {
        case .object:
            try scanner.beginObject()
            while let key = try scanner.nextKey() {
                try collect(&scanner, isReference: scanner.key(key, is: "reference"), addresses, &edits)
            }
        case .array:
            try scanner.beginArray()
            while try scanner.nextElement() { try collect(&scanner, isReference: false, addresses, &edits) }
        case .string where isReference:
            let slice = try scanner.string()
            if let address = addresses[scanner.text(slice)] { edits.append((slice.range, address)) }
        default: try scanner.skipValue()
        }
    }
}

internal import JSON

/// What is left of a Patient for those who see identifiers only.
enum DocumentReduction {
    /// Who it is and to whom it belongs.
    private static let kept: Set = ["resourceType", "id", "meta", "identifier", "active", "link"]
    private static let nothing = Array("{\"resourceType\":\"Patient\"}".utf8)

    /// The document without everything else; one that cannot be read is left out wholly.
    static func applied(to document: [UInt8]) -> [UInt8] {
        guard !document.isEmpty else { return document }
        do throws(JSONFault) {
            var scanner = try JSONScanner(document.span.bytes)
            var writer = JSONWriter(capacity: document.count)
            writer.beginObject()
            try scanner.beginObject()
            while let key = try scanner.nextKey() {
                let name = scanner.text(key)
                let value = try scanner.skipValue()
                guard kept.contains(name) else { continue }
                writer.key(name)
                writer.raw(document[value.range])
            }
            writer.endObject()
            return writer.bytes
        } catch {
            return nothing
        }
    }
}

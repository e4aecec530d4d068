internal import JSON

/// What is left of a Patient for those who see identifiers only.
///
/// Elements in which sources write words of their own (`display`, `text`, extensions) go on every level: a name in one
/// of them would tell what is kept from the client.
enum DocumentReduction {
    /// What stays of a value.
    private indirect enum Shape {
        case whole
        case members([String: Shape])
    }

    /// Who it is and to whom it belongs.
    private static let patient: Shape = {
        let code = Shape.members(["system": .whole, "version": .whole, "code": .whole])
        let period = Shape.members(["start": .whole, "end": .whole])
        // Who assigned an identifier is an organisation: its name tells of no patient.
        let assigner = Shape.members(["reference": .whole, "type": .whole, "display": .whole])
        let identifier = Shape.members([
            "use": .whole, "type": .members(["coding": code]), "system": .whole, "value": .whole, "period": period,
            "assigner": assigner,
        ])
        let other = Shape.members(["reference": .whole, "type": .whole, "identifier": identifier])
        return .members([
            "resourceType": .whole, "id": .whole, "active": .whole, "identifier": identifier,
            "link": .members(["type": .whole, "other": other]),
            "meta": .members([
                "versionId": .whole, "lastUpdated": .whole, "source": .whole, "profile": .whole, "tag": code,
                "security": code,
            ]),
        ])
    }()

    private static let nothing = Array("{\"resourceType\":\"Patient\"}".utf8)

    /// The document without everything else; one that cannot be read is left out wholly.
    static func applied(to document: [UInt8]) -> [UInt8] {
        guard !document.isEmpty else { return document }
        do throws(JSONFault) {
            var scanner = try JSONScanner(document.span.bytes)
            var writer = JSONWriter(capacity: document.count)
            guard try scanner.peekKind() == .object else { return nothing }
            try copy(&scanner, patient, document, &writer)
            return writer.bytes
        } catch {
            return nothing
        }
    }

    /// Copies one value; the shapes bound the recursion.
    private static func copy(
        _ scanner: inout JSONScanner,
        _ shape: Shape,
        _ document: [UInt8],
        _ writer: inout JSONWriter
    ) throws(JSONFault) {
        guard case .members(let kept) = shape else {
            writer.raw(document[try scanner.skipValue().range])
            return
        }
        switch try scanner.peekKind() {
        case .object:
            writer.beginObject()
            try scanner.beginObject()
            while let key = try scanner.nextKey() {
                let name = scanner.text(key)
                guard let inner = kept[name] else {
                    try scanner.skipValue()
                    continue
                }
                writer.key(name)
                try copy(&scanner, inner, document, &writer)
            }
            writer.endObject()
        case .array:
            writer.beginArray()
            try scanner.beginArray()
            while try scanner.nextElement() { try copy(&scanner, shape, document, &writer) }
            writer.endArray()
        default:
            // Not what the element is: nothing of it stays.
            try scanner.skipValue()
            writer.null()
        }
    }
}

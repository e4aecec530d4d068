/// Reads XML 1.0 without document types: elements, attributes, entities that XML defines itself.
///
/// External entities do not exist here, and what is nested too deeply or repeats too often is refused.
struct XMLReader {
    /// Nested elements: FHIR needs about twenty.
    static let depthLimit = 96
    /// Elements of one document: ten thousand patients of a hundred elements each.
    static let elementLimit = 2_000_000

    private let bytes: [UInt8]
    private var position = 0
    private var elements = 0

    private init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Reads a document.
    ///
    /// - Throws: `FHIRError` of code `structure` with line and column.
    static func read(_ bytes: [UInt8]) throws(FHIRError) -> XMLNode {
        var reader = XMLReader(bytes)
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { reader.position = 3 }
        try reader.skipMisc()
        guard reader.byte() == UInt8(ascii: "<") else { throw reader.fault("an XML document begins with an element") }
        let node = try reader.element(depth: 0, namespace: "")
        try reader.skipMisc()
        guard reader.position == bytes.count else { throw reader.fault("something stands after the end") }
        return node
    }

    // MARK: Elements

    private mutating func element(depth: Int, namespace outer: String) throws(FHIRError) -> XMLNode {
        guard depth < Self.depthLimit else { throw fault("elements are nested too deeply") }
        elements += 1
        guard elements <= Self.elementLimit else { throw fault("there are too many elements") }
        let start = position
        position += 1
        let fullName = try name()
        var node = XMLNode(name: Self.local(fullName))
        var namespace = outer
        var isEmpty = false
        let prefix = Self.prefix(fullName)
        while true {
            skipSpace()
            guard let byte = byte() else { throw fault("the document ends within a tag") }
            if byte == UInt8(ascii: ">") {
                position += 1
                break
            }
            if byte == UInt8(ascii: "/") {
                position += 1
                try expect(UInt8(ascii: ">"))
                isEmpty = true
                break
            }
            let (attribute, value) = try attribute()
            if attribute == "xmlns" || attribute == "xmlns:\(prefix)" && !prefix.isEmpty {
                if attribute != "xmlns" || prefix.isEmpty { namespace = value }
            } else if !attribute.hasPrefix("xmlns:") {
                guard node.attributes.updateValue(value, forKey: Self.local(attribute)) == nil else {
                    throw fault("an attribute is given twice")
                }
            }
        }
        if depth == 0, namespace != "http://hl7.org/fhir" {
            throw fault("the root element must be of the namespace http://hl7.org/fhir")
        }
        if !isEmpty { try content(of: &node, fullName, depth, namespace) }
        node.range = start..<position
        return node
    }

    private mutating func content(
        of node: inout XMLNode,
        _ fullName: String,
        _ depth: Int,
        _ namespace: String
    ) throws(FHIRError) {
        while true {
            guard let byte = byte() else { throw fault("the document ends within the element \(fullName)") }
            guard byte == UInt8(ascii: "<") else {
                if !Self.isSpace(byte) { node.hasText = true }
                position += 1
                continue
            }
            if starts(with: "</") {
                position += 2
                guard try name() == fullName else { throw fault("the end tag does not fit the element \(fullName)") }
                skipSpace()
                return try expect(UInt8(ascii: ">"))
            }
            if starts(with: "<!--") {
                try skip(to: "-->")
            } else if starts(with: "<![CDATA[") {
                node.hasText = true
                try skip(to: "]]>")
            } else if starts(with: "<?") {
                try skip(to: "?>")
            } else if starts(with: "<!") {
                throw fault("document types are not read")
            } else {
                node.children.append(try element(depth: depth + 1, namespace: namespace))
            }
        }
    }

    private mutating func attribute() throws(FHIRError) -> (String, String) {
        let name = try name()
        skipSpace()
        try expect(UInt8(ascii: "="))
        skipSpace()
        guard let quote = byte(), quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else {
            throw fault("the value of an attribute stands in quotes")
        }
        position += 1
        var value: [UInt8] = []
        while true {
            guard let byte = byte() else { throw fault("the document ends within an attribute") }
            if byte == quote { break }
            if byte == UInt8(ascii: "<") { throw fault("< must be written &lt; in an attribute") }
            if byte == UInt8(ascii: "&") {
                value.append(contentsOf: try entity())
            } else {
                // White space in attributes counts as spaces (XML 1.0, 3.3.3).
                value.append(byte == 0x0A || byte == 0x0D || byte == 0x09 ? 0x20 : byte)
                position += 1
            }
        }
        position += 1
        guard let text = String(validating: value, as: UTF8.self) else { throw fault("the document is not UTF-8") }
        return (name, text)
    }

    private mutating func entity() throws(FHIRError) -> [UInt8] {
        let start = position + 1
        guard let end = bytes[start...].prefix(12).firstIndex(of: UInt8(ascii: ";")) else {
            throw fault("& must be written &amp;")
        }
        let name = String(decoding: bytes[start..<end], as: UTF8.self)
        position = end + 1
        switch name {
        case "amp": return [UInt8(ascii: "&")]
        case "lt": return [UInt8(ascii: "<")]
        case "gt": return [UInt8(ascii: ">")]
        case "quot": return [UInt8(ascii: "\"")]
        case "apos": return [UInt8(ascii: "'")]
        default:
            let isHex = name.hasPrefix("#x")
            let digits = name.dropFirst(isHex ? 2 : 1)
            guard name.hasPrefix("#"), let code = UInt32(digits, radix: isHex ? 16 : 10),
                let scalar = Unicode.Scalar(code), code >= 0x20 || [9, 10, 13].contains(code)
            else { throw fault("the entity is not one that XML defines") }
            return Array(String(Character(scalar)).utf8)
        }
    }

    // MARK: Bytes

    private func byte() -> UInt8? { position < bytes.count ? bytes[position] : nil }

    private func starts(with text: StaticString) -> Bool {
        text.withUTF8Buffer { bytes[position...].starts(with: $0) }
    }

    private mutating func expect(_ wanted: UInt8) throws(FHIRError) {
        guard byte() == wanted else { throw fault("expected \(Character(Unicode.Scalar(wanted)))") }
        position += 1
    }

    private mutating func name() throws(FHIRError) -> String {
        let start = position
        while let byte = byte(), Self.isName(byte) { position += 1 }
        guard position > start, let text = String(validating: bytes[start..<position], as: UTF8.self) else {
            throw fault("expected a name")
        }
        return text
    }

    private mutating func skipSpace() {
        while let byte = byte(), Self.isSpace(byte) { position += 1 }
    }

    /// Passes over the declaration, comments, instructions and white space around the root.
    private mutating func skipMisc() throws(FHIRError) {
        while true {
            skipSpace()
            if starts(with: "<?") {
                try skip(to: "?>")
            } else if starts(with: "<!--") {
                try skip(to: "-->")
            } else if starts(with: "<!") {
                throw fault("document types are not read")
            } else {
                return
            }
        }
    }

    private mutating func skip(to end: StaticString) throws(FHIRError) {
        while position < bytes.count {
            if starts(with: end) {
                position += end.utf8CodeUnitCount
                return
            }
            position += 1
        }
        throw fault("the document ends too early")
    }

    private func fault(_ reason: String) -> FHIRError {
        let before = bytes[..<min(position, bytes.count)]
        let line = before.count { $0 == 0x0A } + 1
        let column = before.count - (before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0) + 1
        var error = FHIRError(.structure, expression: "", reason: reason)
        error.line = line
        error.column = column
        return error
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 }

    private static func isName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: ":"), 0x80...0xFF:
            true
        default: false
        }
    }

    private static func local(_ name: String) -> String {
        name.split(separator: ":", maxSplits: 1).last.map(String.init) ?? name
    }

    private static func prefix(_ name: String) -> String {
        let parts = name.split(separator: ":", maxSplits: 1)
        return parts.count == 2 ? String(parts[0]) : ""
    }
}

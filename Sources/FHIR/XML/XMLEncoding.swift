import JSON

/// Writes JSON values as XML, elements in the order of their types.
struct XMLEncoding {
    private let table = ElementTable.r4
    private(set) var bytes: [UInt8] = []

    /// Writes a resource as a document.
    mutating func document(_ value: JSONValue) throws(FHIRError) {
        append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")
        try resource(value, namespace: " xmlns=\"\(FHIRXML.namespace)\"")
    }

    private mutating func resource(_ value: JSONValue, namespace: String = "") throws(FHIRError) {
        guard let object = value.object, let type = object["resourceType"]?.string, Self.isName(type) else {
            throw FHIRError(.required, expression: "", reason: "a resource needs its resourceType")
        }
        append("<\(type)\(namespace)>")
        try members(of: object, table[type], isResource: true)
        append("</\(type)>")
    }

    private mutating func members(
        of object: JSONObject,
        _ structure: ElementTable.Structure?,
        isResource: Bool
    ) throws(FHIRError) {
        var written: Set<String> = ["resourceType"]
        // The id of a type that is no resource is an attribute, as is the url of an extension.
        if !isResource { written.insert("id") }
        for element in structure?.elements ?? [] {
            guard written.insert(element.name).inserted else { continue }
            if element.name == "url", isExtension(structure) { continue }
            try member(object, element.name, element.content)
        }
        for member in object.members {
            let name = member.key.hasPrefix("_") ? String(member.key.dropFirst()) : member.key
            guard written.insert(name).inserted, Self.isName(name) else { continue }
            try self.member(object, name, nil)
        }
    }

    private func isExtension(_ structure: ElementTable.Structure?) -> Bool {
        structure?["valueBase64Binary"] != nil && structure?["url"] != nil
    }

    private mutating func member(
        _ object: JSONObject,
        _ name: String,
        _ content: ElementTable.Content?
    ) throws(FHIRError) {
        let value = object[name]
        let shadow = object["_" + name]
        guard value != nil || shadow != nil else { return }
        let values = value?.array ?? value.map { [$0] } ?? []
        let shadows = shadow?.array ?? shadow.map { [$0] } ?? []
        for index in 0..<max(values.count, shadows.count) {
            let one = index < values.count ? values[index] : .null
            let more = index < shadows.count ? shadows[index].object : nil
            try element(name, one, more, content)
        }
    }

    private mutating func element(
        _ name: String,
        _ value: JSONValue,
        _ shadow: JSONObject?,
        _ content: ElementTable.Content?
    ) throws(FHIRError) {
        if let object = value.object {
            if content == .resource || object["resourceType"] != nil {
                append("<\(name)>")
                try resource(value)
                append("</\(name)>")
                return
            }
            var structure: ElementTable.Structure?
            if case .type(let type)? = content { structure = table[type] }
            append("<\(name)")
            attribute("id", object["id"]?.string)
            if isExtension(structure) { attribute("url", object["url"]?.string) }
            append(">")
            try members(of: object, structure, isResource: false)
            append("</\(name)>")
            return
        }
        let text = Self.text(value)
        guard text != nil || shadow != nil else { return }
        if name == "div", let text, text.hasPrefix("<div") {
            append(text)
            return
        }
        append("<\(name)")
        attribute("id", shadow?["id"]?.string)
        attribute("value", text)
        guard let extensions = shadow?["extension"]?.array, !extensions.isEmpty else {
            append("/>")
            return
        }
        append(">")
        for one in extensions { try element("extension", one, nil, .type("Extension")) }
        append("</\(name)>")
    }

    private mutating func attribute(_ name: String, _ value: String?) {
        guard let value else { return }
        append(" \(name)=\"")
        for byte in value.utf8 {
            switch byte {
            case UInt8(ascii: "&"): append("&amp;")
            case UInt8(ascii: "<"): append("&lt;")
            case UInt8(ascii: ">"): append("&gt;")
            case UInt8(ascii: "\""): append("&quot;")
            case 0x09, 0x0A, 0x0D: append("&#\(byte);")
            // XML has no way to write the other control characters.
            case 0..<0x20: append("\u{FFFD}")
            default: bytes.append(byte)
            }
        }
        append("\"")
    }

    private mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

    private static func text(_ value: JSONValue) -> String? {
        switch value {
        case .string(let text): text
        case .boolean(let flag): flag ? "true" : "false"
        case .number(let number): String(decoding: JSONValue.number(number).serialised(), as: UTF8.self)
        case .null, .array, .object: nil
        }
    }

    /// Whether a text can be the name of an element.
    private static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, (UInt8(ascii: "A")...UInt8(ascii: "z")).contains(first) else { return false }
        return text.utf8.allSatisfy { byte in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "_")
        }
    }
}

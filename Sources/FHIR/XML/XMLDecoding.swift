import JSON

/// Writes the elements of an XML document as JSON.
struct XMLDecoding {
    private let source: [UInt8]
    private let table = ElementTable.r4
    var writer = JSONWriter(capacity: 4_096)

    init(source: [UInt8]) { self.source = source }

    mutating func resource(_ node: XMLNode, at path: String) throws(FHIRError) {
        guard let structure = table[node.name] else {
            throw FHIRError(.notSupported, expression: path, reason: "resources of the type \(node.name) are not read")
        }
        writer.beginObject()
        writer.member("resourceType", node.name)
        try members(of: node, structure, at: path)
        writer.endObject()
    }

    private mutating func object(_ node: XMLNode, _ type: String, at path: String) throws(FHIRError) {
        guard let structure = table[type] else {
            throw FHIRError(.notSupported, expression: path, reason: "elements of this type are not read")
        }
        writer.beginObject()
        try members(of: node, structure, at: path)
        writer.endObject()
    }

    private mutating func members(
        of node: XMLNode,
        _ structure: ElementTable.Structure,
        at path: String
    ) throws(FHIRError) {
        guard !node.hasText else {
            throw FHIRError(.structure, expression: path, reason: "text stands outside of values")
        }
        for (name, value) in node.attributes.sorted(by: { $0.key < $1.key }) {
            guard name == "id" || name == "url" else {
                if name == "schemaLocation" { continue }
                throw FHIRError(.structure, expression: path, reason: "the attribute \(name) is not known")
            }
            writer.member(name, value)
        }
        var groups: [(element: ElementTable.Element, nodes: [XMLNode])] = []
        for child in node.children {
            guard let element = structure[child.name] else {
                throw FHIRError(.structure, expression: "\(path).\(child.name)", reason: "the element is not known")
            }
            if let place = groups.firstIndex(where: { $0.element.name == child.name }) {
                guard element.repeats else {
                    throw FHIRError(
                        .structure,
                        expression: "\(path).\(child.name)",
                        reason: "the element may stand once"
                    )
                }
                groups[place].nodes.append(child)
            } else {
                groups.append((element, [child]))
            }
        }
        for group in groups { try write(group.element, group.nodes, at: "\(path).\(group.element.name)") }
    }

    private mutating func write(
        _ element: ElementTable.Element,
        _ nodes: [XMLNode],
        at path: String
    ) throws(FHIRError) {
        switch element.content {
        case .string, .boolean, .number: try primitives(element, nodes, at: path)
        case .resource, .type:
            writer.key(element.name)
            if element.repeats { writer.beginArray() }
            for (index, node) in nodes.enumerated() {
                let place = element.repeats ? "\(path)[\(index)]" : path
                if case .type(let type) = element.content {
                    try object(node, type, at: place)
                } else {
                    guard node.children.count == 1 else {
                        throw FHIRError(.structure, expression: place, reason: "one resource is expected")
                    }
                    try resource(node.children[0], at: place)
                }
            }
            if element.repeats { writer.endArray() }
        }
    }

    private mutating func primitives(
        _ element: ElementTable.Element,
        _ nodes: [XMLNode],
        at path: String
    ) throws(FHIRError) {
        let isDiv = element.name == "div"
        if isDiv || nodes.contains(where: { $0.attributes["value"] != nil }) {
            writer.key(element.name)
            if element.repeats { writer.beginArray() }
            for (index, node) in nodes.enumerated() {
                if isDiv {
                    writer.string(String(decoding: source[node.range], as: UTF8.self))
                } else if let value = node.attributes["value"] {
                    try primitive(value, element.content, at: element.repeats ? "\(path)[\(index)]" : path)
                } else {
                    writer.null()
                }
            }
            if element.repeats { writer.endArray() }
        }
        guard !isDiv, nodes.contains(where: { !$0.children.isEmpty || $0.attributes["id"] != nil }) else { return }
        writer.key("_" + element.name)
        if element.repeats { writer.beginArray() }
        for node in nodes {
            guard !node.children.isEmpty || node.attributes["id"] != nil else {
                writer.null()
                continue
            }
            var inner = node
            inner.attributes["value"] = nil
            try object(inner, "Period", allowing: ["extension"], at: path)
        }
        if element.repeats { writer.endArray() }
    }

    /// Id and extensions of a primitive: what every type has.
    private mutating func object(
        _ node: XMLNode,
        _ type: String,
        allowing names: [String],
        at path: String
    ) throws(FHIRError) {
        if let child = node.children.first(where: { !names.contains($0.name) }) {
            throw FHIRError(.structure, expression: "\(path).\(child.name)", reason: "the element is not known")
        }
        try object(node, type, at: path)
    }

    private mutating func primitive(
        _ value: String,
        _ content: ElementTable.Content,
        at path: String
    ) throws(FHIRError) {
        switch content {
        case .boolean:
            guard value == "true" || value == "false" else {
                throw FHIRError(.value, expression: path, reason: "must be true or false")
            }
            writer.boolean(value == "true")
        case .number:
            guard Self.isNumber(value) else { throw FHIRError(.value, expression: path, reason: "not a number") }
            writer.raw(value.utf8)
        case .string, .resource, .type: writer.string(value)
        }
    }

    /// Whether a text is a number as JSON writes them.
    private static func isNumber(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard !bytes.isEmpty, bytes.count <= 64 else { return false }
        return (try? JSONValue(parsing: bytes.span.bytes))?.kind == .number
    }
}

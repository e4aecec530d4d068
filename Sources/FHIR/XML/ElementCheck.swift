import JSON

/// Looks for elements that FHIR R4 does not have: a name mistyped would be kept and never found again.
///
///     try ElementCheck.check(bytes.span.bytes, "Patient")
///
/// Budget: about 100 ns an element.
public enum ElementCheck {
    /// Walks a resource in JSON.
    ///
    /// - Parameters:
    ///   - bytes: one resource.
    ///   - type: its type; of types that the table does not have nothing is known.
    /// - Throws: `FHIRError` with the element that is not known, or is of another kind.
    public static func check(_ bytes: RawSpan, _ type: String) throws(FHIRError) {
        do throws(JSONFault) {
            var scanner = try JSONScanner(bytes)
            try object(&scanner, ElementTable.r4[type], isResource: true)
        } catch {
            throw FHIRError(error, in: bytes, root: type)
        }
    }

    /// One object; the scanner's depth limit bounds the recursion.
    private static func object(
        _ scanner: inout JSONScanner,
        _ structure: ElementTable.Structure?,
        isResource: Bool
    ) throws(JSONFault) {
        guard let structure, try scanner.peekKind() == .object else {
            try scanner.skipValue()
            return
        }
        try scanner.beginObject()
        while let key = try scanner.nextKey() {
            let name = scanner.text(key)
            if name == "resourceType", isResource {
                try scanner.skipValue()
            } else if name.hasPrefix("_") {
                try accompanying(&scanner, structure[String(name.dropFirst())], key)
            } else if let element = structure[name] {
                try value(&scanner, element)
            } else {
                throw unknown(scanner, key)
            }
        }
    }

    private static func unknown(_ scanner: borrowing JSONScanner, _ key: JSONSlice) -> JSONFault {
        let name = scanner.text(key).prefix(64)
        return scanner.refuse(.structure, "FHIR R4 has no element \"\(name)\" here", at: key.offset - 1)
    }

    /// What stands beside a primitive: its id and extensions.
    private static func accompanying(
        _ scanner: inout JSONScanner,
        _ element: ElementTable.Element?,
        _ key: JSONSlice
    ) throws(JSONFault) {
        switch element?.content {
        case .string, .boolean, .number: try scanner.skipValue()
        case .resource, .type, nil:
            throw unknown(scanner, key)
        }
    }

    private static func value(_ scanner: inout JSONScanner, _ element: ElementTable.Element) throws(JSONFault) {
        guard case .type(let type) = element.content, let structure = ElementTable.r4[type] else {
            // Primitives are looked at where they are read; what is within other resources is theirs.
            try scanner.skipValue()
            return
        }
        guard element.repeats, try scanner.peekKind() == .array else {
            try object(&scanner, structure, isResource: false)
            return
        }
        try scanner.beginArray()
        while try scanner.nextElement() { try object(&scanner, structure, isResource: false) }
    }
}

import JSON

extension JSONWriter {
    /// Writes a text member unless the text is empty: FHIR has no empty strings.
    mutating func text(_ name: String, _ value: String) {
        guard !value.isEmpty else { return }
        member(name, value)
    }

    /// Writes a code member when there is a code.
    mutating func code(_ name: String, _ value: (some RawRepresentable<String>)?) {
        guard let value else { return }
        member(name, value.rawValue)
    }

    /// Writes a boolean member when there is a value.
    mutating func flag(_ name: String, _ value: Bool?) {
        guard let value else { return }
        key(name)
        boolean(value)
    }

    /// Writes an array member unless it has no elements: FHIR has no empty arrays.
    mutating func elements<Element>(_ name: String, _ values: [Element], _ write: (Element, inout JSONWriter) -> Void) {
        guard !values.isEmpty else { return }
        key(name)
        beginArray()
        for value in values { write(value, &self) }
        endArray()
    }

    /// Writes an object member.
    mutating func object(_ name: String, _ write: (inout JSONWriter) -> Void) {
        key(name)
        beginObject()
        write(&self)
        endObject()
    }
}

/// The header fields of a request or an answer: a short list, looked up without regard to case.
struct DoorFields: Sendable, Hashable, ExpressibleByDictionaryLiteral {
    private(set) var fields: [Field] = []

    /// One header field.
    struct Field: Sendable, Hashable {
        let name: String
        let value: String
    }

    init() {}

    init(dictionaryLiteral elements: (String, String)...) {
        fields = elements.map { Field(name: $0.lowercased(), value: $1) }
    }

    /// The first value of a name; setting replaces all of them, `nil` removes them.
    subscript(_ name: String) -> String? {
        get {
            let name = name.lowercased()
            return fields.first { $0.name == name }?.value
        }
        set {
            let name = name.lowercased()
            fields.removeAll { $0.name == name }
            if let newValue { fields.append(Field(name: name, value: newValue)) }
        }
    }

    /// All values of a name, joined as one list.
    func list(_ name: String) -> String? {
        let name = name.lowercased()
        let values = fields.filter { $0.name == name }.map(\.value)
        return values.isEmpty ? nil : values.joined(separator: ", ")
    }

    /// Appends a field.
    mutating func add(_ name: String, _ value: String) {
        fields.append(Field(name: name.lowercased(), value: value))
    }
}

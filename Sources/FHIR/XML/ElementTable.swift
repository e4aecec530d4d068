/// Which elements the types of FHIR have, in which order, and what they hold: what XML does not say by itself.
struct ElementTable: Sendable {
    /// What an element holds.
    enum Content: Sendable, Hashable {
        case string, boolean, number
        /// Any resource.
        case resource
        /// A type of this table.
        case type(String)
    }

    /// One element of a type.
    struct Element: Sendable {
        let name: String
        let repeats: Bool
        let content: Content
    }

    /// The elements of a type.
    struct Structure: Sendable {
        let elements: [Element]
        private let places: [String: Int]

        init(_ elements: [Element]) {
            self.elements = elements
            var places: [String: Int] = [:]
            for (index, element) in elements.enumerated() { places[element.name] = index }
            self.places = places
        }

        subscript(name: String) -> Element? { places[name].map { elements[$0] } }
    }

    private let structures: [String: Structure]

    /// The table of FHIR R4.
    static let r4 = ElementTable(String(decoding: PackageResources.elements_txt, as: UTF8.self))

    subscript(type: String) -> Structure? { structures[type] }

    init(_ text: String) {
        var structures: [String: Structure] = [:]
        var name = ""
        var elements: [Element] = []
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            var words = line.split(separator: " ")
            if !line.hasPrefix(" ") {
                if !name.isEmpty { structures[name] = Structure(elements) }
                name = String(words.removeFirst())
                elements = []
            }
            elements += words.compactMap(Self.element)
        }
        if !name.isEmpty { structures[name] = Structure(elements) }
        self.structures = structures
    }

    private static func element(_ word: Substring) -> Element? {
        let parts = word.split(separator: ":")
        guard parts.count == 2 else { return nil }
        let repeats = parts[0].hasSuffix("*")
        let content: Content =
            switch parts[1] {
            case "s": .string
            case "b": .boolean
            case "n": .number
            case "Resource": .resource
            default: .type(String(parts[1]))
            }
        return Element(name: String(repeats ? parts[0].dropLast() : parts[0]), repeats: repeats, content: content)
    }
}

/// The target of a request, percent-decoded: the segments of its path and the items of its query.
struct RequestTarget: Sendable, Hashable {
    /// One `name=value` of a query.
    struct Item: Sendable, Hashable {
        let name: String
        let value: String
    }

    /// The segments between slashes: `/fhir/Patient` has two, a slash at the end adds none.
    private(set) var segments: [String]
    /// The items of the query in order.
    var items: [Item]

    /// Takes a path with its query apart.
    ///
    /// - Throws: a 400 where an escape or the text that it stands for is broken.
    init(parsing text: some StringProtocol) throws(DoorFault) {
        let mark = text.firstIndex(of: "?")
        let path = text[..<(mark ?? text.endIndex)]
        let query = mark.map { text[text.index(after: $0)...] }
        var segments: [String] = []
        for part in path.split(separator: "/", omittingEmptySubsequences: true) {
            segments.append(try PercentCoding.decode(part, plusIsSpace: false))
        }
        self.segments = segments
        items = try Self.items(of: query ?? "")
    }

    /// A path without a query.
    init(segments: [String]) {
        self.segments = segments
        items = []
    }

    /// Reads `a=1&b=2`, as in a query or in the body of a form.
    static func items(of query: some StringProtocol) throws(DoorFault) -> [Item] {
        var items: [Item] = []
        for part in query.split(separator: "&", omittingEmptySubsequences: true) {
            let equals = part.firstIndex(of: "=")
            let name = try PercentCoding.decode(part[..<(equals ?? part.endIndex)], plusIsSpace: true)
            let value = try PercentCoding.decode(equals.map { part[part.index(after: $0)...] } ?? "", plusIsSpace: true)
            items.append(Item(name: name, value: value))
        }
        return items
    }

    /// Leaves the first segment out where it is this one.
    mutating func dropFirst(_ segment: String) {
        if segments.first == segment { segments.removeFirst() }
    }

    /// The first value of a name.
    subscript(_ name: String) -> String? { items.first { $0.name == name }?.value }

    /// All values of a name.
    func values(_ name: String) -> [String] { items.filter { $0.name == name }.map(\.value) }
}

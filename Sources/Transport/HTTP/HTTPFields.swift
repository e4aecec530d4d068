internal import HTTP2

/// The header fields of a message: an ordered list with lookup that ignores case.
///
///     var headers: HTTPFields = ["content-type": "application/fhir+json"]
///     headers.add("etag", "W/\"3\"")
///     headers["Content-Type"]  // "application/fhir+json"
public struct HTTPFields: Sendable, Equatable, ExpressibleByDictionaryLiteral {
    var list: HeaderList

    /// No fields; allocates nothing.
    public init() {
        list = HeaderList()
    }

    /// The fields in the order written.
    public init(dictionaryLiteral elements: (String, String)...) {
        list = HeaderList()
        for (name, value) in elements { list.add(name, value) }
    }

    init(_ list: HeaderList) {
        self.list = list
    }

    /// The value of the first field of that name; setting replaces all of them, nil removes them.
    public subscript(name: String) -> String? {
        get { list[name] }
        set {
            list.remove(name)
            if let newValue { list.add(name, newValue) }
        }
    }

    /// Appends a field, keeping others of the same name.
    public mutating func add(_ name: String, _ value: String) {
        list.add(name, value)
    }

    /// Removes every field of that name.
    public mutating func remove(_ name: String) {
        list.remove(name)
    }

    /// All values of that name, in order.
    public func values(of name: String) -> [String] {
        list.values(of: name)
    }

    /// Whether there is a field of that name.
    public func contains(_ name: String) -> Bool {
        list[name] != nil
    }

    /// The decimal number in the first field of that name, nil when absent or no number.
    public func integer(_ name: String) -> Int? {
        list.integer(name)
    }
}

extension HTTPFields: RandomAccessCollection {
    /// The position of the first field.
    public var startIndex: Int { 0 }

    /// The position after the last field.
    public var endIndex: Int { list.count }

    /// The lower-case name and the value at a position.
    public subscript(position: Int) -> (name: String, value: String) { list[position] }
}

/// A JSON value in memory, for administration, configuration and small answers.
///
///     let value = try JSONValue(parsing: bytes.span.bytes)
///     let epoch = value["cluster"]?["epoch"]?.integer
///     let answer: JSONValue = ["ready": true, "shards": [1, 2, 3]]
///     send(answer.serialised())
///
/// Not for the hot path: there `JSONScanner` reads in place.
public enum JSONValue: Sendable, Hashable {
    /// `null`
    case null
    /// `true` or `false`
    case boolean(Bool)
    /// A number as written.
    case number(JSONNumber)
    /// A string, escapes resolved.
    case string(String)
    /// Values in order.
    case array([JSONValue])
    /// Names and values in order; no name twice.
    case object(JSONObject)

    /// Which of the six kinds this is.
    public var kind: JSONKind {
        switch self {
        case .null: .null
        case .boolean: .boolean
        case .number: .number
        case .string: .string
        case .array: .array
        case .object: .object
        }
    }

    /// The string, or `nil` for any other kind.
    public var string: String? {
        guard case .string(let value) = self else { return nil }
        return value
    }

    /// The boolean, or `nil` for any other kind.
    public var boolean: Bool? {
        guard case .boolean(let value) = self else { return nil }
        return value
    }

    /// The number, when it is an integer of 64 bits.
    public var integer: Int? {
        guard case .number(let value) = self else { return nil }
        return value.integer
    }

    /// The number as floating point, or `nil` for any other kind.
    public var double: Double? {
        guard case .number(let value) = self else { return nil }
        return value.double
    }

    /// The elements, or `nil` for any other kind.
    public var array: [JSONValue]? {
        guard case .array(let value) = self else { return nil }
        return value
    }

    /// The object, or `nil` for any other kind.
    public var object: JSONObject? {
        guard case .object(let value) = self else { return nil }
        return value
    }

    /// The value under a name, or `nil` where there is none or this is no object.
    public subscript(_ key: String) -> JSONValue? { object?[key] }

    /// The element at an index, or `nil` where there is none or this is no array.
    public subscript(_ index: Int) -> JSONValue? {
        guard let array, array.indices.contains(index) else { return nil }
        return array[index]
    }
}

extension JSONValue: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByStringLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    /// `nil` is `null`.
    public init(nilLiteral: ()) { self = .null }
    /// A boolean.
    public init(booleanLiteral value: Bool) { self = .boolean(value) }
    /// An integer.
    public init(integerLiteral value: Int) { self = .number(JSONNumber(value)) }
    /// A floating-point number.
    public init(floatLiteral value: Double) { self = .number(JSONNumber(value)) }
    /// A string.
    public init(stringLiteral value: String) { self = .string(value) }
    /// An array.
    public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    /// An object; a name written twice keeps its last value.
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        var object = JSONObject()
        for (key, value) in elements { object[key] = value }
        self = .object(object)
    }
}

/// Writes JSON by appending to a byte array: commas, colons and escapes are its business, the order is the caller's.
///
///     var writer = JSONWriter()
///     writer.beginObject()
///     writer.member("resourceType", "Patient")
///     writer.key("active")
///     writer.boolean(true)
///     writer.endObject()
///     send(writer.bytes)
///
/// Misuse (a value without its name, a container left open twice) is a programmer's error and traps.
public struct JSONWriter: Sendable {
    /// What has been written so far.
    public private(set) var bytes: [UInt8]
    private let isPretty: Bool
    /// Kinds of the open containers, the innermost last.
    private var isObject: [Bool] = []
    /// Whether the innermost container, or the text, still has to receive its first element.
    private var isFirst = true
    /// Whether a name was written that waits for its value.
    private var awaitsValue = false

    /// A writer without content.
    ///
    /// - Parameters:
    ///   - capacity: bytes to reserve.
    ///   - pretty: whether to indent by two spaces.
    public init(capacity: Int = 256, pretty: Bool = false) {
        bytes = []
        bytes.reserveCapacity(capacity)
        isPretty = pretty
    }

    /// Opens an object.
    public mutating func beginObject() { open(UInt8(ascii: "{"), isObject: true) }

    /// Closes the object opened last.
    public mutating func endObject() { close(UInt8(ascii: "}"), isObject: true) }

    /// Opens an array.
    public mutating func beginArray() { open(UInt8(ascii: "["), isObject: false) }

    /// Closes the array opened last.
    public mutating func endArray() { close(UInt8(ascii: "]"), isObject: false) }

    /// Writes the name of the next value.
    public mutating func key(_ name: String) {
        precondition(isObject.last == true && !awaitsValue, "a name belongs into an object, before a value")
        separate()
        quote(name)
        bytes.append(UInt8(ascii: ":"))
        if isPretty { bytes.append(0x20) }
        awaitsValue = true
    }

    /// Writes a string value.
    public mutating func string(_ value: String) {
        beginValue()
        quote(value)
    }

    /// Writes `true` or `false`.
    public mutating func boolean(_ value: Bool) { literal(value ? "true" : "false") }

    /// Writes `null`.
    public mutating func null() { literal("null") }

    /// Writes an integer.
    public mutating func integer(_ value: some BinaryInteger) {
        beginValue()
        bytes.append(contentsOf: String(value).utf8)
    }

    /// Writes a number as it is.
    public mutating func number(_ value: JSONNumber) {
        beginValue()
        bytes.append(contentsOf: value.text.utf8)
    }

    /// Writes a finite floating-point number in its shortest form.
    public mutating func double(_ value: Double) { number(JSONNumber(value)) }

    /// Writes a value that is JSON already; its grammar is the caller's promise.
    public mutating func raw(_ json: some Collection<UInt8>) {
        beginValue()
        bytes.append(contentsOf: json)
    }

    /// Writes a name and a string value.
    public mutating func member(_ name: String, _ value: String) {
        key(name)
        string(value)
    }

    private mutating func literal(_ word: StaticString) {
        beginValue()
        bytes.append(contentsOf: UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount))
    }

    private mutating func open(_ bracket: UInt8, isObject kind: Bool) {
        beginValue()
        bytes.append(bracket)
        isObject.append(kind)
        isFirst = true
    }

    private mutating func close(_ bracket: UInt8, isObject kind: Bool) {
        precondition(isObject.popLast() == kind && !awaitsValue, "the container closed is not the one opened last")
        if isPretty, !isFirst { breakLine() }
        bytes.append(bracket)
        isFirst = false
    }

    private mutating func beginValue() {
        if awaitsValue {
            awaitsValue = false
            return
        }
        precondition(isObject.last != true, "a value in an object needs a name")
        precondition(!isObject.isEmpty || isFirst, "a JSON text is one value")
        separate()
    }

    private mutating func separate() {
        if isFirst { isFirst = false } else { bytes.append(UInt8(ascii: ",")) }
        if isPretty, !isObject.isEmpty { breakLine() }
    }

    private mutating func breakLine() {
        bytes.append(0x0A)
        for _ in isObject {
            bytes.append(0x20)
            bytes.append(0x20)
        }
    }

    /// Appends a string in quotes.
    ///
    /// Only what must be escaped is: quote, backslash and control characters.
    private mutating func quote(_ value: String) {
        bytes.append(UInt8(ascii: "\""))
        var value = value
        value.withUTF8 { utf8 in
            if utf8.contains(where: { $0 < 0x20 || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") }) {
                for byte in utf8 { appendEscaping(byte) }
            } else {
                bytes.append(contentsOf: utf8)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func appendEscaping(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes.append(contentsOf: [UInt8(ascii: "\\"), byte])
        case 0x08: bytes.append(contentsOf: "\\b".utf8)
        case 0x09: bytes.append(contentsOf: "\\t".utf8)
        case 0x0A: bytes.append(contentsOf: "\\n".utf8)
        case 0x0C: bytes.append(contentsOf: "\\f".utf8)
        case 0x0D: bytes.append(contentsOf: "\\r".utf8)
        case 0..<0x20:
            bytes.append(contentsOf: "\\u00".utf8)
            bytes.append(Self.hexDigits[Int(byte >> 4)])
            bytes.append(Self.hexDigits[Int(byte & 0x0F)])
        default: bytes.append(byte)
        }
    }

    private static let hexDigits = Array("0123456789abcdef".utf8)
}

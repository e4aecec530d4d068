/// An ordered list of header fields, names in lower case, kept in one flat byte buffer.
///
/// Two allocations hold a whole list, whatever its length, and a copy costs two retains. `String`s are made only when a
/// caller asks for one.
///
///     var headers = HeaderList()
///     headers.add("Content-Type", "application/json")
///     headers["content-type"]  // "application/json"
public struct HeaderList: Sendable {
    /// Where one field lies in the byte buffer: the value follows its name directly.
    struct Entry: Sendable {
        var start: Int32
        var nameLength: Int32
        var valueLength: Int32
    }

    /// What RFC 9113 6.5.2 counts for each field besides its name and value.
    static let overheadPerField = 32

    private(set) var bytes: [UInt8] = []
    private(set) var entries: [Entry] = []

    /// An empty list; allocates nothing.
    public init() {}

    /// The number of fields.
    public var count: Int { entries.count }

    /// Whether there is no field.
    public var isEmpty: Bool { entries.isEmpty }

    /// The size as RFC 9113 6.5.2 counts it: name, value and 32 bytes for each field.
    public var size: Int { bytes.count + entries.count * Self.overheadPerField }

    /// Appends a field.
    ///
    /// The name is lowered and every byte that is no token character becomes `_`; control characters in the value
    /// become spaces, so that no value can end its line and start another field.
    public mutating func add(_ name: String, _ value: String) {
        let start = bytes.count
        for byte in name.utf8 { bytes.append(Self.nameByte(byte)) }
        let nameLength = bytes.count - start
        for byte in value.utf8 { bytes.append(Self.valueByte(byte)) }
        entries.append(
            Entry(
                start: Int32(start),
                nameLength: Int32(nameLength),
                valueLength: Int32(bytes.count - start - nameLength)
            )
        )
    }

    /// Removes every field of that name.
    public mutating func remove(_ name: String) {
        guard entries.contains(where: { matches($0, name) }) else { return }
        var kept = HeaderList()
        for entry in entries where !matches(entry, name) {
            kept.append(entry, of: self)
        }
        self = kept
    }

    /// The value of the first field of that name, or nil.
    public subscript(name: String) -> String? {
        for entry in entries where matches(entry, name) {
            return value(of: entry)
        }
        return nil
    }

    /// The values of all fields of that name, in order.
    public func values(of name: String) -> [String] {
        entries.filter { matches($0, name) }.map { value(of: $0) }
    }

    /// The field at a position: its lower-case name and its value.
    public subscript(index: Int) -> (name: String, value: String) {
        let entry = entries[index]
        return (self.name(of: entry), value(of: entry))
    }

    /// Whether there is a field of that name.
    public func contains(_ name: String) -> Bool {
        entries.contains { matches($0, name) }
    }

    /// Reads a decimal number out of the first field of that name; nil when absent, malformed or above 2^53.
    public func integer(_ name: String) -> Int? {
        for entry in entries where matches(entry, name) {
            return decimal(of: entry)
        }
        return nil
    }

    // MARK: From the wire

    /// Appends a field whose bytes nghttp2 has already checked.
    mutating func appendChecked(name: UnsafeBufferPointer<UInt8>, value: UnsafeBufferPointer<UInt8>) {
        if entries.isEmpty {
            // A usual request has about eight fields in under 256 bytes: one allocation each instead of four.
            bytes.reserveCapacity(256)
            entries.reserveCapacity(8)
        }
        let start = bytes.count
        unsafe bytes.append(contentsOf: name)
        unsafe bytes.append(contentsOf: value)
        entries.append(
            Entry(start: Int32(start), nameLength: Int32(name.count), valueLength: Int32(value.count))
        )
    }

    /// Appends a field that this house made: lower-case name, clean value.
    mutating func addUnchecked(_ name: String, _ value: String) {
        let start = bytes.count
        bytes.append(contentsOf: name.utf8)
        bytes.append(contentsOf: value.utf8)
        let nameLength = name.utf8.count
        entries.append(
            Entry(
                start: Int32(start),
                nameLength: Int32(nameLength),
                valueLength: Int32(bytes.count - start - nameLength)
            )
        )
    }

    /// Fields of one HTTP/1.1 connection, which make an HTTP/2 message malformed (RFC 9113 8.2.2).
    private static let ofOneConnection = [
        "connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade",
    ]

    /// Appends the fields of a message to be sent, without those that HTTP/2 forbids.
    mutating func appendMessage(_ fields: HeaderList) {
        guard fields.entries.contains(where: fields.isOfOneConnection) else {
            append(contentsOf: fields)
            return
        }
        for entry in fields.entries where !fields.isOfOneConnection(entry) { append(entry, of: fields) }
    }

    private func isOfOneConnection(_ entry: Entry) -> Bool {
        Self.ofOneConnection.contains { matches(entry, $0) }
    }

    /// Appends all fields of another list.
    private mutating func append(contentsOf other: HeaderList) {
        let shift = Int32(bytes.count)
        bytes.append(contentsOf: other.bytes)
        for entry in other.entries {
            entries.append(
                Entry(start: entry.start + shift, nameLength: entry.nameLength, valueLength: entry.valueLength)
            )
        }
    }

    /// Empties the list and keeps its memory.
    mutating func removeAllKeepingMemory() {
        bytes.removeAll(keepingCapacity: true)
        entries.removeAll(keepingCapacity: true)
    }

    private mutating func append(_ entry: Entry, of other: HeaderList) {
        let start = Int(entry.start)
        let length = Int(entry.nameLength) + Int(entry.valueLength)
        entries.append(
            Entry(start: Int32(bytes.count), nameLength: entry.nameLength, valueLength: entry.valueLength)
        )
        bytes.append(contentsOf: other.bytes[start..<start + length])
    }

    // MARK: Reading

    private func name(of entry: Entry) -> String {
        let start = Int(entry.start)
        return String(decoding: bytes[start..<start + Int(entry.nameLength)], as: UTF8.self)
    }

    private func value(of entry: Entry) -> String {
        let start = Int(entry.start) + Int(entry.nameLength)
        return String(decoding: bytes[start..<start + Int(entry.valueLength)], as: UTF8.self)
    }

    private func decimal(of entry: Entry) -> Int? {
        let start = Int(entry.start) + Int(entry.nameLength)
        guard entry.valueLength > 0, entry.valueLength <= 15 else { return nil }
        var number = 0
        for byte in bytes[start..<start + Int(entry.valueLength)] {
            guard byte >= 0x30, byte <= 0x39 else { return nil }
            number = number * 10 + Int(byte - 0x30)
        }
        return number
    }

    private func matches(_ entry: Entry, _ name: String) -> Bool {
        guard Int(entry.nameLength) == name.utf8.count else { return false }
        var index = Int(entry.start)
        for byte in name.utf8 {
            guard bytes[index] == Self.lowered(byte) else { return false }
            index += 1
        }
        return true
    }

    private static func lowered(_ byte: UInt8) -> UInt8 {
        byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte
    }

    /// RFC 9110 5.6.2: letters, digits and a few marks make a token.
    private static func nameByte(_ byte: UInt8) -> UInt8 {
        switch lowered(byte) {
        case 0x61...0x7A, 0x30...0x39: lowered(byte)
        case 0x21, 0x23...0x27, 0x2A, 0x2B, 0x2D, 0x2E, 0x5E...0x60, 0x7C, 0x7E: byte
        default: 0x5F
        }
    }

    private static func valueByte(_ byte: UInt8) -> UInt8 {
        byte < 0x20 && byte != 0x09 || byte == 0x7F ? 0x20 : byte
    }
}

extension HeaderList: Equatable {
    /// Two lists are equal when they hold the same names and values in the same order.
    public static func == (left: HeaderList, right: HeaderList) -> Bool {
        guard left.count == right.count else { return false }
        return (0..<left.count).allSatisfy { left[$0] == right[$0] }
    }
}

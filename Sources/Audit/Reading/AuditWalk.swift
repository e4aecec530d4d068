/// Goes through one file of a trail, entry by entry, and checks the chain on the way.
struct AuditWalk {
    /// One entry.
    struct Entry {
        let number: UInt64
        let hash: [UInt8]
        let json: ArraySlice<UInt8>
    }

    /// What is wrong.
    struct Fault: Sendable, Hashable, CustomStringConvertible {
        enum Kind: Sendable, Hashable {
            /// The first line is no header.
            case header
            /// A line is no entry.
            case line
            /// A number does not follow the one before.
            case number
            /// A hash is not that of its entry and the one before.
            case hash
            /// The last line has no end.
            case unfinished
        }

        let kind: Kind
        /// The last entry that was right.
        let after: UInt64
        /// Byte of the file at which the faulty line begins.
        let offset: Int

        var description: String {
            let what =
                switch kind {
                case .header: "the first line is no header of a trail of version 1"
                case .line: "a line is no entry"
                case .number: "an entry is missing, or not in its place"
                case .hash: "an entry is not what it was when it was written"
                case .unfinished: "the last entry is not finished"
                }
            return "\(what) (after entry \(after), byte \(offset))"
        }
    }

    private let bytes: [UInt8]
    /// The first byte that was not gone through.
    private(set) var position = 0
    /// The number of the first entry, and the hash before it.
    private(set) var first: UInt64 = 1
    private(set) var previous = AuditLine.zero
    /// The last entry that was right.
    private(set) var number: UInt64 = 0
    private(set) var hash = AuditLine.zero
    private(set) var fault: Fault?

    /// Begins with the header.
    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        guard let line = line(), let header = AuditLine.parseHeader(line), header.first > 0 else {
            fault = Fault(kind: .header, after: 0, offset: 0)
            return
        }
        (first, previous) = header
        (number, hash) = (header.first - 1, header.previous)
        position = line.endIndex + 1
    }

    private func line() -> ArraySlice<UInt8>? {
        guard let end = bytes[position...].firstIndex(of: AuditLine.newline) else { return nil }
        return bytes[position..<end]
    }

    /// The next entry; `nil` at the end and at a fault.
    mutating func next() -> Entry? {
        guard fault == nil, position < bytes.count else { return nil }
        guard let line = line() else { return stop(.unfinished) }
        guard let parsed = AuditLine.parse(line) else { return stop(.line) }
        guard parsed.number == number + 1 else { return stop(.number) }
        guard AuditLine.hash(parsed.number, parsed.json, after: hash) == parsed.hash else { return stop(.hash) }
        (number, hash) = (parsed.number, parsed.hash)
        position = line.endIndex + 1
        return Entry(number: number, hash: hash, json: parsed.json)
    }

    private mutating func stop(_ kind: Fault.Kind) -> Entry? {
        fault = Fault(kind: kind, after: number, offset: position)
        return nil
    }
}

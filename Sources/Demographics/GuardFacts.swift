public import Bytes

/// The few facts of one record that may forbid a merge, kept with the person so that guards need no second look-up.
public struct GuardFacts: Hashable, Sendable {
    /// An identifier of which a living person has one: a verified national identifier.
    public struct UniqueIdentifier: Hashable, Comparable, Sendable {
        /// Hash of the assigning authority's system.
        public var authority: UInt64
        /// Hash of the normalised value.
        public var value: UInt64

        /// Makes an identifier.
        public init(authority: UInt64, value: UInt64) {
            self.authority = authority
            self.value = value
        }

        /// Orders by authority, then value.
        public static func < (left: UniqueIdentifier, right: UniqueIdentifier) -> Bool {
            (left.authority, left.value) < (right.authority, right.value)
        }
    }

    /// Most identifiers kept of one record; further ones are left out in order of authority.
    public static let identifierLimit = 8

    /// `year * 10_000 + month * 100 + day`, unknown parts 0; 0 where nothing is known.
    public var birthDate: UInt32 = 0
    /// 0 unknown, 1 female, 2 male, 3 other.
    public var sex: UInt8 = 0
    /// Order of birth among twins, 0 where unknown or single.
    public var birthOrder: UInt8 = 0
    /// `NameSound.code` of the first given name, 0 where absent.
    public var givenName: UInt64 = 0
    /// Sorted by authority and value, at most `identifierLimit`.
    public var identifiers: [UniqueIdentifier] = []

    /// Knows nothing.
    public init() {}

    /// Appends the facts to a stored row.
    public func encode(into writer: inout ByteWriter) {
        writer.write(birthDate)
        writer.write(sex)
        writer.write(birthOrder)
        writer.write(givenName)
        writer.write(varint: UInt64(identifiers.count))
        for identifier in identifiers {
            writer.write(identifier.authority)
            writer.write(identifier.value)
        }
    }

    /// Reads what `encode` wrote.
    ///
    /// - Throws: `ByteError` where the bytes are not such facts.
    public init(from reader: inout ByteReader) throws(ByteError) {
        birthDate = try reader.read()
        sex = try reader.read()
        birthOrder = try reader.read()
        givenName = try reader.read()
        let count = try reader.readCount(limit: GuardFacts.identifierLimit)
        for _ in 0..<count {
            identifiers.append(UniqueIdentifier(authority: try reader.read(), value: try reader.read()))
        }
    }
}

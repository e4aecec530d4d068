/// How the text of a message is written as bytes (MSH-18, HL7 table 0211).
public struct CharacterSet: Hashable, Sendable {
    private enum Kind: Hashable, Sendable {
        case ascii
        case utf8
        case latin(Int)
    }

    private let kind: Kind
    /// Its name in MSH-18.
    public let name: String

    private init(_ kind: Kind, _ name: String) {
        self.kind = kind
        self.name = name
    }

    /// UTF-8.
    public static let utf8 = CharacterSet(.utf8, "UNICODE UTF-8")
    /// ASCII, which is meant where nothing is said; bytes beyond it are read as UTF-8.
    public static let ascii = CharacterSet(.ascii, "ASCII")
    /// ISO 8859-1.
    public static let latin1 = CharacterSet(.latin(1), "8859/1")
    /// The parts of ISO 8859 that are understood.
    static let latinParts = [1, 2, 3, 4, 5, 6, 7, 8, 9, 15]

    /// The set of a name in table 0211.
    public init?(named name: String) {
        switch name.uppercased() {
        case "", "ASCII": self = .ascii
        case "UNICODE UTF-8", "UTF-8", "UTF8", "UNICODE": self = .utf8
        case let latin where latin.hasPrefix("8859/") || latin.hasPrefix("8859-"):
            guard let part = Int(latin.dropFirst(5)), CharacterSet.latinParts.contains(part) else { return nil }
            self.init(.latin(part), "8859/\(part)")
        default: return nil
        }
    }

    /// The set that a header names.
    ///
    /// - Throws: `HL7Error` at MSH-18 where it is not known, or where more than one is named.
    init(header line: ArraySlice<UInt8>, delimiters: Delimiters) throws(HL7Error) {
        let fields = line.split(separator: delimiters.field, maxSplits: 18, omittingEmptySubsequences: false)
        guard fields.count > 17 else {
            self = .ascii
            return
        }
        let names = fields[17].split(separator: delimiters.repetition).map { String(decoding: $0, as: UTF8.self) }
        guard names.count < 2 else {
            throw HL7Error(
                .tableValue,
                at: HL7Location("MSH", field: 18, repetition: 2),
                "a message is taken in one character set, not in several"
            )
        }
        guard let set = CharacterSet(named: names.first ?? "") else {
            throw HL7Error(
                .tableValue,
                at: HL7Location("MSH", field: 18),
                "the character set is not known; known are ASCII, UNICODE UTF-8, "
                    + CharacterSet.latinParts.map { "8859/\($0)" }.joined(separator: ", ")
            )
        }
        self = set
    }

    /// Bytes as UTF-8; `nil` where they are not of this set.
    func decoded(_ bytes: ArraySlice<UInt8>) -> [UInt8]? {
        guard bytes.contains(where: { $0 > 0x7F }) else { return Array(bytes) }
        guard case .latin(let part) = kind else {
            return String(validating: bytes, as: UTF8.self) == nil ? nil : Array(bytes)
        }
        var result: [UInt8] = []
        let upper = LatinTables.upper(part)
        for byte in bytes {
            let scalar: UInt16 = upper.flatMap { byte < 0xA0 ? nil : $0[Int(byte - 0xA0)] } ?? UInt16(byte)
            guard scalar != 0xFFFD, let unicode = Unicode.Scalar(scalar) else { return nil }
            result += Array(String(Character(unicode)).utf8)
        }
        return result
    }

    /// Text as bytes; `nil` where this set cannot write it.
    func encoded(_ text: String) -> [UInt8]? {
        switch kind {
        case .utf8: return Array(text.utf8)
        case .ascii: return text.utf8.allSatisfy { $0 < 0x80 } ? Array(text.utf8) : nil
        case .latin(let part):
            let upper = LatinTables.upper(part)
            var bytes: [UInt8] = []
            for scalar in text.unicodeScalars {
                if scalar.value < 0xA0 || (upper == nil && scalar.value < 0x100) {
                    bytes.append(UInt8(scalar.value))
                } else if scalar.value < 0xFFFD, let place = upper?.firstIndex(of: UInt16(scalar.value)) {
                    bytes.append(UInt8(0xA0 + place))
                } else {
                    return nil
                }
            }
            return bytes
        }
    }

    /// The refusal of bytes that are not of a set.
    static func fault(_ set: CharacterSet, _ segment: String, _ sequence: Int) -> HL7Error {
        let hint = set.kind == .ascii ? "name the character set in MSH-18" : "MSH-18 names it"
        return HL7Error(
            .dataType,
            at: .segment(segment, sequence),
            "the segment has bytes that are not \(set.kind == .ascii ? "ASCII or UTF-8" : set.name); \(hint)"
        )
    }
}

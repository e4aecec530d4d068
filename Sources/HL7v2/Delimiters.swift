/// The characters that take a message apart, as its header names them (MSH-1 and MSH-2).
public struct Delimiters: Hashable, Sendable {
    /// Between fields.
    public var field: UInt8
    /// Between components.
    public var component: UInt8
    /// Between repetitions of a field.
    public var repetition: UInt8
    /// Before and after an escape sequence.
    public var escape: UInt8
    /// Between subcomponents.
    public var subcomponent: UInt8
    /// Marks a shortened value (version 2.7 and later); `nil` where the header names none.
    public var truncation: UInt8?

    /// The delimiters that nearly everybody uses: `|^~\&`.
    public static let usual = Delimiters(
        field: UInt8(ascii: "|"),
        component: UInt8(ascii: "^"),
        repetition: UInt8(ascii: "~"),
        escape: UInt8(ascii: "\\"),
        subcomponent: UInt8(ascii: "&")
    )

    /// Puts delimiters together.
    public init(
        field: UInt8,
        component: UInt8,
        repetition: UInt8,
        escape: UInt8,
        subcomponent: UInt8,
        truncation: UInt8? = nil
    ) {
        self.field = field
        self.component = component
        self.repetition = repetition
        self.escape = escape
        self.subcomponent = subcomponent
        self.truncation = truncation
    }

    /// Reads the delimiters at the beginning of a message: `MSH|^~\&|`.
    ///
    /// - Throws: `HL7Error` where there is no header, or its characters cannot tell anything apart.
    init(header bytes: ArraySlice<UInt8>) throws(HL7Error) {
        guard bytes.starts(with: Array("MSH".utf8)) else {
            throw HL7Error(.segmentSequence, at: .segment("MSH"), "a message begins with the segment MSH")
        }
        let rest = bytes.dropFirst(3)
        guard let field = rest.first, Delimiters.canDelimit(field) else {
            throw HL7Error(.dataType, at: HL7Location("MSH", field: 1), "MSH-1 must be a sign such as |")
        }
        let signs = Array(rest.dropFirst().prefix { $0 != field && $0 != 0x0D && $0 != 0x0A }.prefix(6))
        guard signs.count == 4 || signs.count == 5, signs.allSatisfy(Delimiters.canDelimit),
            Set(signs + [field]).count == signs.count + 1
        else {
            throw HL7Error(
                .dataType,
                at: HL7Location("MSH", field: 2),
                "MSH-2 must be four or five different signs such as ^~\\&"
            )
        }
        self.init(
            field: field,
            component: signs[0],
            repetition: signs[1],
            escape: signs[2],
            subcomponent: signs[3],
            truncation: signs.count > 4 ? signs[4] : nil
        )
    }

    /// MSH-2 as text.
    public var encodingCharacters: String {
        String(
            decoding: [component, repetition, escape, subcomponent] + (truncation.map { [$0] } ?? []),
            as: UTF8.self
        )
    }

    /// Printable ASCII that is no letter, digit, space or quotation mark: `""` has a meaning of its own.
    private static func canDelimit(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x21, 0x23...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E: true
        default: false
        }
    }
}

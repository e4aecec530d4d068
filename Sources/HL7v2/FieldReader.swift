/// Takes the text of a field apart.
struct FieldReader {
    let delimiters: Delimiters
    let characterSet: CharacterSet

    func field(_ text: String) -> HL7Field {
        let bytes = Array(text.utf8)
        return HL7Field(
            parts(bytes[...], delimiters.repetition, HL7Limits.repetitions).map { repetition in
                HL7Repetition(
                    parts(repetition, delimiters.component, HL7Limits.components).map { component in
                        HL7Component(
                            subcomponents: parts(component, delimiters.subcomponent, HL7Limits.subcomponents).map(value)
                        )
                    }
                )
            }
        )
    }

    /// Splits at a delimiter; what follows the last allowed part stays with it.
    private func parts(_ bytes: ArraySlice<UInt8>, _ delimiter: UInt8, _ limit: Int) -> [ArraySlice<UInt8>] {
        guard !bytes.isEmpty else { return [] }
        guard bytes.contains(delimiter) else { return [bytes] }
        return bytes.split(separator: delimiter, maxSplits: limit - 1, omittingEmptySubsequences: false)
    }

    /// A value with its escapes resolved.
    ///
    /// A sequence that means nothing here stays as it was written: a lone backslash in an address must not refuse
    /// a patient.
    private func value(_ bytes: ArraySlice<UInt8>) -> String {
        guard bytes.contains(delimiters.escape) else { return String(decoding: bytes, as: UTF8.self) }
        var result: [UInt8] = []
        var rest = bytes
        while let start = rest.firstIndex(of: delimiters.escape) {
            result += rest[..<start]
            let after = rest[(start + 1)...]
            guard let end = after.firstIndex(of: delimiters.escape), let meaning = meaning(of: after[..<end]) else {
                result.append(delimiters.escape)
                rest = after
                continue
            }
            result += meaning
            rest = after[(end + 1)...]
        }
        return String(decoding: result + rest, as: UTF8.self)
    }

    /// The bytes of UTF-8 that a sequence stands for; `nil` where it is none.
    private func meaning(of sequence: ArraySlice<UInt8>) -> [UInt8]? {
        guard let kind = sequence.first else { return nil }
        guard sequence.count > 1 else { return letter(kind) }
        let rest = sequence.dropFirst()
        switch kind {
        case UInt8(ascii: "X"): return hexadecimal(rest)
        case UInt8(ascii: "."):
            // Formatting: a new line, or a new line with a width that plain text cannot keep.
            return rest.starts(with: Array("br".utf8)) || rest.starts(with: Array("sp".utf8)) ? [0x0A] : nil
        default: return nil
        }
    }

    private func letter(_ kind: UInt8) -> [UInt8]? {
        switch kind {
        case UInt8(ascii: "F"): [delimiters.field]
        case UInt8(ascii: "S"): [delimiters.component]
        case UInt8(ascii: "T"): [delimiters.subcomponent]
        case UInt8(ascii: "R"): [delimiters.repetition]
        case UInt8(ascii: "E"): [delimiters.escape]
        case UInt8(ascii: "P"): delimiters.truncation.map { [$0] }
        // Highlighting begins and ends.
        case UInt8(ascii: "H"), UInt8(ascii: "N"): []
        default: nil
        }
    }

    private func hexadecimal(_ digits: ArraySlice<UInt8>) -> [UInt8]? {
        guard digits.count.isMultiple(of: 2) else { return nil }
        var bytes: [UInt8] = []
        var high: UInt8?
        for digit in digits {
            guard let value = Self.value(ofDigit: digit) else { return nil }
            guard let first = high else {
                high = value
                continue
            }
            bytes.append(first << 4 | value)
            high = nil
        }
        return characterSet.decoded(bytes[...])
    }

    private static func value(ofDigit digit: UInt8) -> UInt8? {
        switch digit {
        case 0x30...0x39: digit - 0x30
        case 0x41...0x46: digit - 0x37
        case 0x61...0x66: digit - 0x57
        default: nil
        }
    }
}

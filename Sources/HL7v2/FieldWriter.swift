/// Writes fields with what their values need escaped.
struct FieldWriter {
    let delimiters: Delimiters

    /// A field as text; parts that say nothing at the end of their whole are left out.
    func text(_ field: HL7Field) -> String {
        let repetitions = field.repetitions.map { repetition in
            joined(
                repetition.components.map { joined($0.subcomponents.map(escaped), delimiters.subcomponent) },
                delimiters.component
            )
        }
        // Empty repetitions at the end may be meant: `~^^^^^^S` begins with one, an empty list has none.
        return String(decoding: Array(repetitions.joined(separator: [delimiters.repetition])), as: UTF8.self)
    }

    private func joined(_ parts: [[UInt8]], _ delimiter: UInt8) -> [UInt8] {
        let last = parts.lastIndex { !$0.isEmpty }
        guard let last else { return [] }
        return Array(parts[...last].joined(separator: [delimiter]))
    }

    private func escaped(_ text: String) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        for byte in text.utf8 {
            switch byte {
            case delimiters.field: append("F", to: &bytes)
            case delimiters.component: append("S", to: &bytes)
            case delimiters.subcomponent: append("T", to: &bytes)
            case delimiters.repetition: append("R", to: &bytes)
            case delimiters.escape: append("E", to: &bytes)
            case delimiters.truncation: append("P", to: &bytes)
            // Ends of segments and of frames, and other signs that do not print.
            case 0x00...0x1F, 0x7F: append("X" + Self.hexadecimal(byte), to: &bytes)
            default: bytes.append(byte)
            }
        }
        return bytes
    }

    private func append(_ sequence: String, to bytes: inout [UInt8]) {
        bytes.append(delimiters.escape)
        bytes += sequence.utf8
        bytes.append(delimiters.escape)
    }

    private static func hexadecimal(_ byte: UInt8) -> String {
        let digits = Array("0123456789ABCDEF")
        return String([digits[Int(byte >> 4)], digits[Int(byte & 15)]])
    }
}

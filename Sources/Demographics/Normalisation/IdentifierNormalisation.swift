import Bytes

/// Identifiers: letters and digits only, placeholders recognised by their pattern and dropped.
enum IdentifierNormalisation {
    /// Fewer characters cannot tell the people of a district apart.
    static let shortest = 4

    /// The normal form.
    ///
    /// - Returns: `nil` where the value carries nothing.
    static func normalise(_ identifier: PatientIdentifier) -> NormalisedRecord.Identifier? {
        let value = TextFolding.joined(identifier.value)
        guard value.count >= shortest, !isPlaceholder(value) else { return nil }
        var kind = IdentifierKind(type: identifier.type, system: identifier.system)
        // A number that fails its own check may agree, yet must not tell two people apart.
        if let scheme = IdentifierChecksum.scheme(ofSystem: identifier.system),
            !IdentifierChecksum.isValid(value, scheme)
        {
            kind = .document
        }
        return .init(
            authority: KeyHash.hash(identifier.system, seed: 0),
            value: value,
            kind: kind
        )
    }

    /// True for `999-99-9999`, `000000`, `123456789`, `n/a`, `unknown` and their like.
    static func isPlaceholder(_ value: Word) -> Bool {
        if !value.hasDigit { return true }
        var equal = 0
        var rising = 0
        var falling = 0
        for index in 1..<max(value.count, 1) {
            let step = Int(value[index]) - Int(value[index - 1])
            if step == 0 { equal += 1 }
            if step == 1 || (step == -9 && value[index] == UInt8(ascii: "0")) { rising += 1 }
            if step == -1 { falling += 1 }
        }
        let steps = value.count - 1
        if equal == steps || rising == steps || falling == steps { return true }
        // `12121212` and `123123123`: one piece again and again.
        for length in 2...3 where value.count >= 3 * length && value.count % length == 0 {
            if (length..<value.count).allSatisfy({ value[$0] == value[$0 - length] }) { return true }
        }
        return false
    }
}

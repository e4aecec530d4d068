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
        return .init(
            authority: KeyHash.hash(identifier.system, seed: 0),
            value: value,
            kind: IdentifierKind(type: identifier.type, system: identifier.system)
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
        return equal == steps || rising == steps || falling == steps
    }
}

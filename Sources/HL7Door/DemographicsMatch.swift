internal import Demographics
internal import HL7v2
internal import Lookup

/// How well a patient is what was searched for (QRI).
struct DemographicsMatch: Sendable {
    /// How a value was found, the surest first.
    enum Way: Int, Comparable, Sendable {
        case exact
        case pattern
        case variant
        case sound

        static func < (left: Way, right: Way) -> Bool { left.rawValue < right.rawValue }

        /// QRI-3.
        var name: String {
            switch self {
            case .exact: "exact"
            case .pattern: "pattern"
            case .variant: "name variant"
            case .sound: "phonetic"
            }
        }

        /// QRI-1, from 0 to 100: an order, not a probability.
        var confidence: Int {
            switch self {
            case .exact: 100
            case .pattern: 95
            case .variant: 85
            case .sound: 75
            }
        }
    }

    /// The weakest way by which a value was found.
    var way: Way
}

extension DemographicsCriteria {
    /// Whether a patient is what is searched for.
    ///
    /// - Parameters:
    ///   - pid: what is known of the person, identifiers included.
    ///   - isFuzzy: whether names that sound alike or are short for others count.
    /// - Returns: how it was found; `nil` where it was not.
    func match(_ pid: HL7Segment, isFuzzy: Bool) -> DemographicsMatch? {
        var way = DemographicsMatch.Way.exact
        for (field, wanted) in values {
            guard let found = match(wanted, pid.field(field), isFuzzy: isFuzzy && field == 5) else { return nil }
            way = max(way, found)
        }
        return DemographicsMatch(way: way)
    }

    /// All values of a field, in one repetition.
    private func match(_ wanted: [Values], _ field: HL7Field, isFuzzy: Bool) -> DemographicsMatch.Way? {
        var best: DemographicsMatch.Way?
        for repetition in field.repetitions {
            var way: DemographicsMatch.Way? = .exact
            for values in wanted {
                let text = repetition.text(values.path.component, values.path.subcomponent)
                let ways = values.wanted.compactMap {
                    Self.compare($0, text, values.path, repetition, isFuzzy: isFuzzy)
                }
                way = way.flatMap { before in ways.min().map { max(before, $0) } }
            }
            if let way { best = min(best ?? way, way) }
        }
        return best
    }

    private static func compare(
        _ wanted: String,
        _ text: String,
        _ path: Path,
        _ repetition: HL7Repetition,
        isFuzzy: Bool
    ) -> DemographicsMatch.Way? {
        switch path.field {
        case 7, 29:
            let digits = wanted.prefix { $0.isNumber }
            return !digits.isEmpty && text.hasPrefix(digits) ? .exact : nil
        case 13, 14:
            let all = [
                repetition.text(1), repetition.text(4), repetition.text(6) + repetition.text(7), repetition.text(12),
            ]
            let form = LookupKey.contactForm(wanted)
            return !form.isEmpty && (all.contains { LookupKey.contactForm($0) == form } || text == wanted)
                ? .exact : nil
        default: break
        }
        let (wanted, text) = (folded(wanted), folded(text))
        if wanted.contains("*") { return matches(wanted[...], text[...]) ? .pattern : nil }
        if wanted == text { return wanted.isEmpty ? nil : .exact }
        guard isFuzzy, wanted.count >= 3, !text.isEmpty else { return nil }
        if text.hasPrefix(wanted) || (text.count >= 3 && wanted.hasPrefix(text)) { return .variant }
        let sounds = (NameSound.code(TextFolding.joined(wanted)), NameSound.code(TextFolding.joined(text)))
        return sounds.0 == sounds.1 && sounds.0 != 0 ? .sound : nil
    }

    /// A text as it is compared: small letters without marks.
    private static func folded(_ text: String) -> String {
        let pieces = text.split(separator: "*", omittingEmptySubsequences: false)
        return pieces.map { piece in
            let words = TextFolding.words(of: String(piece))
            let joined = words.map(\.description).joined(separator: " ")
            // Signs alone are compared as they are.
            return joined.isEmpty ? piece.lowercased() : joined
        }.joined(separator: "*")
    }

    /// `*` stands for anything; the rest is compared from the left, backtracking to the last `*` only.
    private static func matches(_ pattern: Substring, _ text: Substring) -> Bool {
        let pieces = pattern.split(separator: "*", omittingEmptySubsequences: false)
        guard let first = pieces.first, let last = pieces.last, text.hasPrefix(first) else { return false }
        var rest = text.dropFirst(first.count)
        for piece in pieces.dropFirst().dropLast() where !piece.isEmpty {
            guard let range = rest.firstRange(of: piece) else { return false }
            rest = rest[range.upperBound...]
        }
        return rest.count >= last.count && rest.hasSuffix(last) && !text.isEmpty
    }
}

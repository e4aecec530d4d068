/// A place in a message; numbers count from 1, and 0 means the whole.
public struct HL7Location: Hashable, Sendable {
    /// The name of the segment.
    public var segment: String
    /// Which segment of this name.
    public var sequence: Int
    /// Which field.
    public var field: Int
    /// Which repetition of it.
    public var repetition: Int
    /// Which component.
    public var component: Int
    /// Which subcomponent.
    public var subcomponent: Int

    /// A place, as exactly as it is known.
    public init(
        _ segment: String,
        sequence: Int = 1,
        field: Int,
        repetition: Int = 0,
        component: Int = 0,
        subcomponent: Int = 0
    ) {
        self.segment = segment
        self.sequence = sequence
        self.field = field
        self.repetition = repetition
        self.component = component
        self.subcomponent = subcomponent
    }

    /// A whole segment.
    public static func segment(_ name: String, _ sequence: Int = 1) -> HL7Location {
        HL7Location(name, sequence: sequence, field: 0)
    }

    /// The parts that are known, in order: `PID`, `1`, `3`, `1`, `4`.
    public var parts: [String] {
        var numbers = [field, repetition, component, subcomponent]
        while numbers.last == 0 { numbers.removeLast() }
        // A gap before a known part stands for the first.
        return [segment, String(sequence)] + numbers.map { String(max(1, $0)) }
    }
}

extension HL7Location: CustomStringConvertible {
    /// The parts with carets, as in ERR-2: `PID^1^3^1^4`.
    public var description: String { parts.joined(separator: "^") }
}

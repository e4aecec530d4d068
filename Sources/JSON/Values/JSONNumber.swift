/// A number as it is written, so that `1.10` stays `1.10` and large integers stay exact.
public struct JSONNumber: Sendable, Hashable {
    /// The number in JSON's own grammar.
    public let text: String

    /// Keeps a number that a scanner has checked.
    init(checked text: String) { self.text = text }

    /// An integer.
    public init(_ value: some BinaryInteger) { text = String(value) }

    /// A floating-point number in the shortest form that reads back to the same value.
    ///
    /// - Parameter value: finite; JSON has no infinities.
    public init(_ value: Double) {
        precondition(value.isFinite, "JSON has no number for \(value)")
        text = "\(value)"
    }

    /// The value when it is an integer of 64 bits, written without fraction or exponent.
    public var integer: Int? { Int(text) }

    /// The nearest binary floating-point value, `nil` when it is too large for one.
    public var double: Double? {
        guard let value = Double(text), value.isFinite else { return nil }
        return value
    }
}

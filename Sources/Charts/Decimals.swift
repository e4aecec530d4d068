/// Numbers as text with a fixed count of decimals, the same on every machine.
enum Decimals {
    /// Beyond this a chart has no room for digits.
    private static let limit = 1e12

    /// The number, rounded half away from zero; what is no number is 0.
    static func text(_ value: Double, places: Int) -> String {
        guard value.isFinite else { return "0" }
        var scale = 1.0
        for _ in 0..<places { scale *= 10 }
        let scaled = Int((min(max(value, -limit), limit) * scale).rounded())
        let digits = String(scaled.magnitude)
        let padded = String(repeating: "0", count: max(0, places + 1 - digits.count)) + digits
        let sign = scaled < 0 ? "-" : ""
        guard places > 0 else { return sign + padded }
        return sign + padded.dropLast(places) + "." + padded.suffix(places)
    }

    /// The number with its sign in front.
    static func signed(_ value: Double, places: Int) -> String {
        let digits = text(value, places: places)
        return value > 0 && digits != text(0, places: places) ? "+" + digits : digits
    }
}

/// Logarithms from exact steps, so that pictures do not depend on a machine's mathematical library.
enum Logarithm {
    /// log2 of a positive number to about nine digits: the exponent, then twice the inverse hyperbolic tangent.
    static func base2(_ value: Double) -> Double {
        guard value.isFinite, value > 0 else { return 0 }
        let significand = value.significand
        let ratio = (significand - 1) / (significand + 1)
        var power = ratio
        var sum = 0.0
        for odd in stride(from: 1.0, through: 25.0, by: 2.0) {
            sum += power / odd
            power *= ratio * ratio
        }
        return Double(value.exponent) + 2 * sum * 1.442_695_040_888_963_4
    }

    static func base10(_ value: Double) -> Double { base2(value) * 0.301_029_995_663_981_2 }
}

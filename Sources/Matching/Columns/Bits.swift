/// Logarithms for weights that must be the same on every machine.
enum Bits {
    /// log2 of a positive number from exact steps: the exponent, then the series of the inverse hyperbolic tangent.
    static func log2(_ value: Double) -> Double {
        guard value.isFinite, value > 0 else { return 0 }
        var exponent = Double(value.exponent)
        var significand = value.significand
        // Around 1 the series converges fastest.
        if significand > 1.414_213_562_373_095 {
            significand /= 2
            exponent += 1
        }
        let ratio = (significand - 1) / (significand + 1)
        let square = ratio * ratio
        var sum = 0.0
        var odd = 27.0
        while odd >= 1 {
            sum = sum * square + 1 / odd
            odd -= 2
        }
        return exponent + 2 * ratio * sum * 1.442_695_040_888_963_4
    }
}

/// Numbers as people read them.
enum Quantity {
    /// A count with its thousands set apart: `1,234,567`.
    static func count(_ value: Int) -> String {
        let digits = String(value.magnitude)
        var result = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { result.append(",") }
            result.append(digit)
        }
        return value < 0 ? "-" + result : result
    }

    /// A size in binary units: `512 B`, `1.5 KiB`.
    static func bytes(_ value: Int) -> String {
        guard value >= 1_024 else { return "\(value) B" }
        var amount = Double(value) / 1_024
        var unit = "KiB"
        for next in ["MiB", "GiB", "TiB"] where amount >= 1_024 {
            amount /= 1_024
            unit = next
        }
        return "\(decimal(amount, 1)) \(unit)"
    }

    /// A length of time: `45 s`, `3 min 20 s`.
    static func time(seconds: Double) -> String {
        guard seconds.isFinite, seconds >= 0, seconds < 1e9 else { return "?" }
        let whole = Int(seconds.rounded())
        switch whole {
        case ..<10: return "\(decimal(seconds, 1)) s"
        case ..<120: return "\(whole) s"
        case ..<7_200: return "\(whole / 60) min \(whole % 60) s"
        default: return "\(whole / 3_600) h \(whole % 3_600 / 60) min"
        }
    }

    /// A number with a fixed number of digits after the point.
    static func decimal(_ value: Double, _ places: Int) -> String {
        guard value.isFinite, abs(value) < 1e12 else { return "\(value)" }
        var scale = 1
        for _ in 0..<places { scale *= 10 }
        let scaled = Int((value * Double(scale)).rounded())
        guard places > 0 else { return String(scaled) }
        let fraction = String(scaled.magnitude % UInt(scale))
        let zeros = String(repeating: "0", count: places - fraction.count)
        return "\(scaled < 0 ? "-" : "")\(scaled.magnitude / UInt(scale)).\(zeros)\(fraction)"
    }
}

extension UInt64 {
    /// 16 hexadecimal digits in lower case, leading zeros included: texts sort as the numbers do.
    public var hexadecimal: String {
        let digits = String(self, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}

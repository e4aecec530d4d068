/// A range of addresses: `10.1.0.0/16`, `fd00::/8`, or one address.
public struct NetworkRange: Sendable, Hashable {
    private let bytes: [UInt8]
    private let bits: Int

    /// Reads a range.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2, let first = parts.first, let bytes = Self.address(String(first)) else { return nil }
        self.bytes = bytes
        guard parts.count == 2 else {
            bits = bytes.count * 8
            return
        }
        guard let bits = Int(parts[1]), (0...bytes.count * 8).contains(bits) else { return nil }
        self.bits = bits
    }

    /// The ranges from which a machine reaches itself.
    public static let loopback = ["127.0.0.0/8", "::1"].compactMap { NetworkRange($0) }

    /// Whether an address lies in it; an address of version 4 within version 6 counts as what it stands for.
    public func contains(_ address: String) -> Bool {
        guard var other = Self.address(address) else { return false }
        let mapped: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]
        if other.count == 16, bytes.count == 4, other.starts(with: mapped) { other = Array(other.suffix(4)) }
        guard other.count == bytes.count else { return false }
        for index in 0..<bits where Self.bit(other, index) != Self.bit(bytes, index) { return false }
        return true
    }

    private static func bit(_ bytes: [UInt8], _ index: Int) -> UInt8 { bytes[index / 8] >> (7 - index % 8) & 1 }

    /// The bytes of an address; `nil` where the text is none.
    static func address(_ text: String) -> [UInt8]? { text.contains(":") ? version6(text) : version4(text[...]) }

    private static func version4(_ text: Substring) -> [UInt8]? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        let bytes = parts.compactMap { part in part.utf8.count <= 3 ? UInt8(part) : nil }
        return bytes.count == 4 ? bytes : nil
    }

    private static func version6(_ text: String) -> [UInt8]? {
        // What stands behind a per cent names an interface of this machine.
        let halves = text.prefix { $0 != "%" }.split(separator: "::", maxSplits: 2, omittingEmptySubsequences: false)
        guard halves.count <= 2, let head = groups(halves[0]) else { return nil }
        guard halves.count == 2 else { return head.count == 16 ? head : nil }
        guard let tail = groups(halves[1]), head.count + tail.count <= 14 else { return nil }
        return head + [UInt8](repeating: 0, count: 16 - head.count - tail.count) + tail
    }

    private static func groups(_ text: Substring) -> [UInt8]? {
        guard !text.isEmpty else { return [] }
        var bytes: [UInt8] = []
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() {
            if part.contains("."), index == parts.count - 1, let last = version4(part) {
                bytes += last
                continue
            }
            guard (1...4).contains(part.utf8.count), let group = UInt16(part, radix: 16) else { return nil }
            bytes += [UInt8(group >> 8), UInt8(group & 0xFF)]
        }
        return bytes.count <= 16 ? bytes : nil
    }
}

internal import OpenSSL

/// The keys of a vault, by number; what is written is sealed under the one with the highest number.
///
///     1 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
///     2 60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752
public struct VaultKeys: Sendable {
    /// Keys at most: rotation leaves one or two in use.
    public static let limit = 64

    let keys: [UInt32: [UInt8]]
    /// The number of the key under which is written.
    public let current: UInt32

    /// Reads keys: a line each, its number from 1 and 64 hexadecimal digits; what follows a `#` is not read.
    ///
    /// - Throws: `StoreError.keys`, which names the line and never what stands in it.
    public init(parsing text: String) throws(StoreError) {
        var keys: [UInt32: [UInt8]] = [:]
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let words = line.prefix { $0 != "#" }.split(whereSeparator: \.isWhitespace)
            guard !words.isEmpty else { continue }
            guard words.count == 2, let number = UInt32(words[0]), number > 0, let key = VaultKeys.bytes(words[1])
            else {
                throw .keys("line \(index + 1) is not a number and 64 hexadecimal digits")
            }
            guard keys.updateValue(key, forKey: number) == nil else {
                throw .keys("line \(index + 1): there is a key \(number) already")
            }
        }
        guard let current = keys.keys.max() else { throw .keys("there is no key") }
        guard keys.count <= VaultKeys.limit else { throw .keys("there are more than \(VaultKeys.limit)") }
        self.keys = keys
        self.current = current
    }

    private init(_ keys: [UInt32: [UInt8]], current: UInt32) {
        self.keys = keys
        self.current = current
    }

    /// These keys, and of others those that have no number here: what is in use must stay readable.
    func keeping(_ others: VaultKeys) -> VaultKeys {
        VaultKeys(keys.merging(others.keys) { own, _ in own }, current: current)
    }

    private static func bytes(_ digits: Substring) -> [UInt8]? {
        guard digits.utf8.count == GCMCipher.keyLength * 2 else { return nil }
        var bytes: [UInt8] = []
        var rest = digits.utf8[...]
        while let high = rest.popFirst(), let low = rest.popFirst() {
            guard let first = value(high), let second = value(low) else { return nil }
            bytes.append(first << 4 | second)
        }
        return bytes
    }

    private static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}

import Bytes

/// A blocking key as rules write it: 16 hexadecimal digits.
public enum HotKey {
    /// The text of a key.
    public static func text(_ key: UInt64) -> String { key.hexadecimal }

    /// The key of a text; `nil` where it is none.
    public static func key(_ text: String) -> UInt64? {
        guard text.utf8.count == 16, text.utf8.allSatisfy({ $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "-") }) else {
            return nil
        }
        return UInt64(text, radix: 16)
    }

    /// The keys of blocks larger than a limit, in ascending order.
    ///
    /// - Parameters:
    ///   - limit: records that a block may have.
    ///   - keys: the keys of all records, each as often as records have it.
    /// - Returns: the keys that more records have.
    public static func beyond(_ limit: Int, in keys: [UInt64]) -> [UInt64] {
        let keys = keys.sorted()
        var hot: [UInt64] = []
        var start = 0
        while start < keys.count {
            var end = start + 1
            while end < keys.count, keys[end] == keys[start] { end += 1 }
            if end - start > limit { hot.append(keys[start]) }
            start = end
        }
        return hot
    }
}

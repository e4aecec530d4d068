internal import OpenSSL

/// The lines of a trail, version 1.
///
/// A file begins with `tessera-audit 1 FIRST PREVIOUS`: the number of its first entry, and the hash of the entry before
/// that one (zeros where there is none). Each entry is `NUMBER HASH JSON`, where
///
///     HASH = SHA-256( hash of the entry before | NUMBER, 8 bytes, big-endian | JSON )
///
/// in lower-case hexadecimal digits. Numbers begin at 1 and have no gaps, so that nothing can be taken away, put in or
/// moved without the hashes of everything behind it becoming wrong.
enum AuditLine {
    static let version = 1
    static let zero = [UInt8](repeating: 0, count: Digest.length)
    private static let space = UInt8(ascii: " ")
    static let newline = UInt8(ascii: "\n")

    static func hash(_ number: UInt64, _ json: some Collection<UInt8>, after previous: [UInt8]) -> [UInt8] {
        var bytes = previous
        bytes.reserveCapacity(previous.count + 8 + json.count)
        for shift in stride(from: 56, through: 0, by: -8) { bytes.append(UInt8(truncatingIfNeeded: number >> shift)) }
        bytes.append(contentsOf: json)
        return Digest.sha256(bytes)
    }

    static func header(first: UInt64, after previous: [UInt8]) -> [UInt8] {
        Array("tessera-audit \(version) \(first) \(Digest.hexadecimal(previous))\n".utf8)
    }

    static func entry(_ number: UInt64, _ hash: [UInt8], _ json: [UInt8]) -> [UInt8] {
        Array("\(number) \(Digest.hexadecimal(hash)) ".utf8) + json + [newline]
    }

    /// Takes a header apart; `nil` where the line is none of this version.
    static func parseHeader(_ line: ArraySlice<UInt8>) -> (first: UInt64, previous: [UInt8])? {
        let parts = line.split(separator: space, maxSplits: 4, omittingEmptySubsequences: false)
        guard parts.count == 4, parts[0].elementsEqual("tessera-audit".utf8),
            parts[1].elementsEqual(String(version).utf8), let first = number(parts[2]), let previous = digits(parts[3])
        else { return nil }
        return (first, previous)
    }

    /// Takes an entry apart; `nil` where the line is none.
    static func parse(_ line: ArraySlice<UInt8>) -> (number: UInt64, hash: [UInt8], json: ArraySlice<UInt8>)? {
        let parts = line.split(separator: space, maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, let number = number(parts[0]), let hash = digits(parts[1]) else { return nil }
        return (number, hash, parts[2])
    }

    /// A number in the one way in which it is written.
    static func number(_ text: ArraySlice<UInt8>) -> UInt64? {
        guard let number = UInt64(String(decoding: text, as: UTF8.self)), String(number).utf8.elementsEqual(text) else {
            return nil
        }
        return number
    }

    /// Bytes from lower-case digits, any even number of them unless a count is asked for.
    static func digits(_ text: ArraySlice<UInt8>, count: Int? = Digest.length) -> [UInt8]? {
        guard text.count % 2 == 0, count.map({ text.count == $0 * 2 }) ?? true else { return nil }
        var bytes: [UInt8] = []
        var high: UInt8?
        for digit in text {
            let value: UInt8
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = digit - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): value = digit - UInt8(ascii: "a") + 10
            default: return nil
            }
            if let first = high {
                bytes.append(first << 4 | value)
                high = nil
            } else {
                high = value
            }
        }
        return bytes
    }
}

/// The code of a Swift file without its comments and the insides of its strings, line by line as before.
///
/// A scanner for counting and searching, not a parser: what it leaves out is replaced by nothing but line ends.
struct SwiftText {
    private var code: [UInt8] = []
    private let bytes: [UInt8]
    private var at = 0

    /// The code of a file.
    static func code(of text: String) -> String {
        var scan = SwiftText(bytes: Array(text.utf8))
        while scan.at < scan.bytes.count { scan.step() }
        return String(decoding: scan.code, as: UTF8.self)
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
        code.reserveCapacity(bytes.count)
    }

    private mutating func step() {
        // Most bytes begin none of these; tests are built without optimisation, so asking once counts.
        switch bytes[at] {
        case UInt8(ascii: "/"), UInt8(ascii: "\""), UInt8(ascii: "#"): break
        default:
            code.append(bytes[at])
            at += 1
            return
        }
        if holds("//") {
            while at < bytes.count, bytes[at] != UInt8(ascii: "\n") { at += 1 }
        } else if holds("/*") {
            comment()
        } else if let opening = stringOpening() {
            string(opening)
        } else {
            code.append(bytes[at])
            at += 1
        }
    }

    private mutating func comment() {
        var depth = 0
        repeat {
            if bytes[at] != UInt8(ascii: "/"), bytes[at] != UInt8(ascii: "*") {
                leaveOut()
            } else if holds("/*") {
                depth += 1
                at += 2
            } else if holds("*/") {
                depth -= 1
                at += 2
            } else {
                leaveOut()
            }
        } while depth > 0 && at < bytes.count
    }

    /// How many hashes and quotes open a string here.
    private func stringOpening() -> (hashes: Int, quotes: Int)? {
        var hashes = 0
        while at + hashes < bytes.count, bytes[at + hashes] == UInt8(ascii: "#") { hashes += 1 }
        if holds("\"\"\"", ahead: hashes) { return (hashes, 3) }
        return holds("\"", ahead: hashes) ? (hashes, 1) : nil
    }

    private mutating func string(_ opening: (hashes: Int, quotes: Int)) {
        at += opening.hashes + opening.quotes
        code += [UInt8(ascii: "\""), UInt8(ascii: "\"")]
        let hashes = String(repeating: "#", count: opening.hashes)
        let end = String(repeating: "\"", count: opening.quotes) + hashes
        let escape = "\\" + hashes
        while at < bytes.count {
            if bytes[at] != UInt8(ascii: "\""), bytes[at] != UInt8(ascii: "\\") {
                leaveOut()
            } else if holds(end) {
                break
            } else if holds(escape + "(") {
                at += escape.utf8.count
                interpolation()
            } else if holds(escape) {
                at += escape.utf8.count
                leaveOut()
            } else {
                leaveOut()
            }
        }
        at += end.utf8.count
    }

    /// Code between the parentheses of `\(...)` counts as code.
    private mutating func interpolation() {
        var depth = 0
        repeat {
            if let opening = stringOpening() {
                string(opening)
                continue
            }
            if bytes[at] == UInt8(ascii: "(") { depth += 1 }
            if bytes[at] == UInt8(ascii: ")") { depth -= 1 }
            code.append(bytes[at])
            at += 1
        } while depth > 0 && at < bytes.count
    }

    private mutating func leaveOut() {
        guard at < bytes.count else { return }
        if bytes[at] == UInt8(ascii: "\n") { code.append(bytes[at]) }
        at += 1
    }

    private func holds(_ text: String, ahead: Int = 0) -> Bool {
        var index = at + ahead
        for byte in text.utf8 {
            guard index < bytes.count, bytes[index] == byte else { return false }
            index += 1
        }
        return true
    }
}

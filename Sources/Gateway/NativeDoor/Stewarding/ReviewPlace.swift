internal import Identifiers
internal import Identity

/// Where a question stands in the queue: by harm, then by its records, so that a page begins where the last one ended
/// whatever is asked and answered meanwhile.
struct ReviewPlace: Comparable, Sendable, CustomStringConvertible {
    let harm: UInt16
    let a: RecordID
    /// The same record where only one is meant.
    let b: RecordID
    /// The reason's frozen number; 0 for an update that is held.
    let code: UInt8

    init(harm: UInt16, a: RecordID, b: RecordID, code: UInt8) {
        (self.harm, self.a, self.b, self.code) = (harm, a, b, code)
    }

    /// The name of the question: what it is about, whatever its harm.
    var name: String { "\(a)-\(b)-\(code)" }

    var description: String { "\(harm)-\(name)" }

    /// Reads what `description` wrote.
    init?(_ text: String) {
        let parts = text.split(separator: "-")
        guard parts.count == 4, let harm = UInt16(parts[0]), let a = RecordID(parts[1]), let b = RecordID(parts[2]),
            let code = UInt8(parts[3])
        else { return nil }
        self.init(harm: harm, a: a, b: b, code: code)
    }

    static func < (left: ReviewPlace, right: ReviewPlace) -> Bool {
        (right.harm, left.a, left.b, left.code) < (left.harm, right.a, right.b, right.code)
    }
}

import JSON

/// What OpenCR makes of missing values.
struct OpenCRNulls {
    enum Handling: String {
        /// Missing disagrees.
        case conservative
        /// Missing adds nothing.
        case moderate
        /// Missing agrees.
        case greedy
    }

    static let words = "`conservative`, `moderate`, `greedy`"

    /// One side or both missing; `nil` compares the empty text as any other.
    var either: Handling?
    /// Both missing; read only where `either` is given.
    var both: Handling?
    /// Words that are no handling.
    var unknown: [String] = []

    /// Reads a field or a rule; what it does not say, the rule around it says.
    init(_ json: JSONValue, outer: OpenCRNulls?) {
        either = outer?.either
        both = outer?.both
        if let word = (json["null_handling"] ?? json["nullHandling"])?.string {
            either = Handling(rawValue: word)
            if either == nil { unknown.append(word) }
        }
        if let word = (json["null_handling_both"] ?? json["nullHandlingBothFields"])?.string {
            both = Handling(rawValue: word)
            if both == nil { unknown.append(word) }
        }
    }
}

/// The scopes of a token: those of SMART for whole systems, those of IHE by transaction, and the registry's own.
///
/// `system/Patient.rs`, `system/*.cruds`, `system/Patient.read` (version 1), `ITI-83`, `tessera/decide`.
public struct ScopeSet: Sendable, Hashable {
    /// Letters (c, r, u, d, s) by type; `*` stands for every type.
    private var letters: [String: Set<Character>] = [:]
    private var words: Set<String> = []

    /// Reads scopes; those that mean nothing here are passed over.
    public init(_ scopes: [String]) {
        for scope in scopes {
            guard scope.hasPrefix("system/"), let dot = scope.lastIndex(of: ".") else {
                words.insert(scope)
                continue
            }
            let type = String(scope[scope.index(scope.startIndex, offsetBy: 7)..<dot])
            // A scope that is narrowed by a query (SMART 2.0) would allow more here than it says.
            guard !scope.contains("?") else { continue }
            letters[type, default: []].formUnion(Self.letters(scope[scope.index(after: dot)...]))
        }
    }

    private static func letters(_ text: Substring) -> Set<Character> {
        switch text {
        case "read": ["r", "s"]
        case "write": ["c", "u", "d"]
        case "*": ["c", "r", "u", "d", "s"]
        default:
            // In that order and nothing else (SMART 2.0): another text means something that we do not know.
            text.allSatisfy("cruds".contains) && Array(text) == "cruds".filter(text.contains) ? Set(text) : []
        }
    }

    /// Whether something is covered.
    public func covers(_ need: ScopeNeed) -> Bool {
        if need.isNothing || words.contains("tessera/\(need.permission.rawValue)") { return true }
        if need.transactions.contains(where: words.contains) { return true }
        guard !need.letters.isEmpty else { return false }
        let held = letters[need.type, default: []].union(letters["*", default: []])
        return need.letters.allSatisfy(held.contains)
    }
}

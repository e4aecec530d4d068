import Yams

/// Walks the tree of a rule file, reads values, and collects every fault instead of stopping at the first.
struct RuleSetValidation {
    private(set) var faults: [RuleSetFault] = []

    /// Notes a fault.
    mutating func fault(_ path: String, _ message: String) {
        faults.append(RuleSetFault(path: path, message: message))
    }

    /// The entries of a mapping, in the order of the file; keys that are not known are faults.
    ///
    /// - Parameters:
    ///   - node: the node that should be a mapping.
    ///   - path: where it stands.
    ///   - known: the keys that may occur; empty where any may.
    /// - Returns: the entries with known keys.
    mutating func entries(_ node: Node?, at path: String, known: [String]) -> [(key: String, value: Node)] {
        guard let node else { return [] }
        guard let mapping = node.mapping else {
            fault(path, "expected a mapping, one `key: value` a line")
            return []
        }
        var entries: [(key: String, value: Node)] = []
        var seen = Set<String>()
        for (keyNode, value) in mapping {
            let key = keyNode.string ?? ""
            let inner = path.isEmpty ? key : "\(path).\(key)"
            if !seen.insert(key).inserted {
                fault(inner, "stands twice")
            } else if known.isEmpty || known.contains(key) {
                entries.append((key, value))
            } else {
                fault(inner, "is not known here; did you mean `\(RuleSetValidation.nearest(to: key, in: known))`?")
            }
        }
        return entries
    }

    /// A mapping in which every key of `required` must stand.
    mutating func entries(
        _ node: Node?,
        at path: String,
        required: [String],
        optional: [String] = []
    ) -> [(key: String, value: Node)] {
        let found = entries(node, at: path, known: required + optional)
        for key in required where !found.contains(where: { $0.key == key }) {
            fault(path.isEmpty ? key : "\(path).\(key)", "is missing")
        }
        return found
    }

    /// A number within limits.
    mutating func number(_ node: Node?, at path: String, in range: ClosedRange<Double>) -> Double {
        guard let node else { return range.lowerBound }
        guard let value = node.float ?? node.int.map(Double.init), value.isFinite else {
            fault(path, "expected a number")
            return range.lowerBound
        }
        guard range.contains(value) else {
            fault(path, "\(value) lies outside \(range.lowerBound)...\(range.upperBound)")
            return range.lowerBound
        }
        return value
    }

    /// A whole number within limits.
    mutating func integer(_ node: Node?, at path: String, in range: ClosedRange<Int>) -> Int {
        guard let node else { return range.lowerBound }
        guard let value = node.int else {
            fault(path, "expected a whole number")
            return range.lowerBound
        }
        guard range.contains(value) else {
            fault(path, "\(value) lies outside \(range.lowerBound)...\(range.upperBound)")
            return range.lowerBound
        }
        return value
    }

    /// The known key with the fewest edits to what was written; the first of equals.
    static func nearest(to text: String, in known: [String]) -> String {
        var best = known.first ?? ""
        var fewest = Int.max
        for key in known {
            let edits = distance(Array(text.utf8), Array(key.utf8))
            if edits < fewest {
                best = key
                fewest = edits
            }
        }
        return best
    }

    /// Levenshtein distance, by rows.
    private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var row = Array(0...right.count)
        for (index, byte) in left.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for column in right.indices {
                let above = row[column + 1]
                row[column + 1] = min(diagonal + (byte == right[column] ? 0 : 1), above + 1, row[column] + 1)
                diagonal = above
            }
        }
        return row[right.count]
    }
}

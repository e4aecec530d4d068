internal import Yams

/// A mapping of a scenario, read key by key; faults are collected.
struct ScenarioKeys {
    private let mapping: [String: Node]
    private let place: String
    private var used: [String] = []
    private var faults: [String] = []

    /// Reads a mapping that stands at a place of the file.
    init(_ mapping: Node.Mapping, at place: String) {
        var keys: [String: Node] = [:]
        for (key, value) in mapping { keys[key.string ?? ""] = value }
        self.mapping = keys
        self.place = place
    }

    /// Notes what is wrong with a key.
    mutating func fault(_ key: String, _ words: String) { faults.append("`\(place).\(key)` \(words)") }

    /// Takes over faults of a mapping below this one.
    mutating func take(_ others: [String]) { faults += others }

    mutating func text(_ key: String) -> String? { value(key, "must be a text") { $0.string } }

    mutating func flag(_ key: String) -> Bool? { value(key, "must be true or false") { $0.bool } }

    mutating func integer(_ key: String, _ range: ClosedRange<Int>) -> Int? {
        value(key, "takes \(range.lowerBound) to \(range.upperBound)") { node in
            node.int.flatMap { range.contains($0) ? $0 : nil }
        }
    }

    mutating func number(_ key: String, _ range: ClosedRange<Double>) -> Double? {
        value(key, "takes \(range.lowerBound) to \(range.upperBound)") { node in
            (node.float ?? node.int.map(Double.init)).flatMap { range.contains($0) ? $0 : nil }
        }
    }

    mutating func integers(_ key: String) -> [Int] {
        value(key, "must be a list of numbers") { node in
            let numbers = node.sequence.map { $0.compactMap(\.int) }
            return numbers?.count == node.sequence?.count ? numbers : nil
        } ?? []
    }

    mutating func mapping(_ key: String) -> ScenarioKeys? {
        let inner = value(key, "must be keys and values") { $0.mapping }
        return inner.map { ScenarioKeys($0, at: "\(place).\(key)") }
    }

    private mutating func value<Value>(_ key: String, _ words: String, _ read: (Node) -> Value?) -> Value? {
        used.append(key)
        guard let node = mapping[key] else { return nil }
        guard let value = read(node) else {
            fault(key, words)
            return nil
        }
        return value
    }

    /// The faults, unknown keys among them.
    func finished() -> [String] {
        let unknown = mapping.keys.filter { !used.contains($0) }.sorted()
        return faults
            + unknown.map { "`\(place).\($0)` is not known; known are \(used.sorted().joined(separator: ", "))" }
    }
}

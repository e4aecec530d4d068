import Yams

/// One mapping of an access file, read key by key; faults are collected with their paths.
struct AccessNode {
    private let mapping: Node.Mapping
    private let path: String
    private var used: Set<String> = []
    private(set) var faults: [String] = []

    init(_ mapping: Node.Mapping, path: String) {
        self.mapping = mapping
        self.path = path
    }

    mutating func use(_ key: String) { used.insert(key) }

    mutating func fault(_ key: String, _ text: String) { faults.append("\(path)\(key): \(text)") }

    mutating func text(_ key: String) -> String? {
        used.insert(key)
        guard let node = mapping[key] else { return nil }
        guard let text = node.scalar?.string, !text.isEmpty else {
            fault(key, "must be a text")
            return nil
        }
        return text
    }

    mutating func required(_ key: String) -> String {
        if mapping[key] == nil { fault(key, "is missing") }
        return text(key) ?? ""
    }

    mutating func texts(_ key: String) -> [String] {
        used.insert(key)
        guard let node = mapping[key] else { return [] }
        guard let items = node.sequence?.map({ $0.scalar?.string ?? "" }), !items.contains("") else {
            fault(key, "must be a list of texts")
            return []
        }
        return items
    }

    /// A list, or the one word that stands for everything, told as `nil`; a key that is missing is an empty list.
    mutating func textOrTexts(_ key: String, everything: String) -> [String]? {
        if mapping[key]?.scalar?.string == everything {
            used.insert(key)
            return nil
        }
        return texts(key)
    }

    mutating func number(_ key: String) -> Double? {
        used.insert(key)
        guard let node = mapping[key] else { return nil }
        guard let number = node.float ?? node.int.map(Double.init), number.isFinite else {
            fault(key, "must be a number")
            return nil
        }
        return number
    }

    mutating func flag(_ key: String) -> Bool {
        used.insert(key)
        guard let node = mapping[key] else { return false }
        guard let flag = node.bool else {
            fault(key, "must be true or false")
            return false
        }
        return flag
    }

    mutating func mappings<Value>(_ key: String, _ read: (inout AccessNode) -> Value) -> [Value] {
        used.insert(key)
        guard let node = mapping[key] else { return [] }
        guard let items = node.sequence else {
            fault(key, "must be a list")
            return []
        }
        var values: [Value] = []
        for (index, item) in items.enumerated() {
            guard let inner = item.mapping else {
                fault("\(key)[\(index)]", "must be keys and values")
                continue
            }
            values.append(below(inner, "\(path)\(key)[\(index)].", read))
        }
        return values
    }

    mutating func mapping<Value>(_ key: String, _ read: (inout AccessNode) -> Value) -> Value? {
        used.insert(key)
        guard let node = mapping[key] else { return nil }
        guard let inner = node.mapping else {
            fault(key, "must be keys and values")
            return nil
        }
        return below(inner, "\(path)\(key).", read)
    }

    private mutating func below<Value>(
        _ inner: Node.Mapping,
        _ path: String,
        _ read: (inout AccessNode) -> Value
    ) -> Value {
        var node = AccessNode(inner, path: path)
        let value = read(&node)
        node.finish()
        faults += node.faults
        return value
    }

    /// Notes keys that nobody asked for.
    mutating func finish() {
        let known = used
        let unknown = mapping.keys.compactMap(\.string).filter { !known.contains($0) }.sorted()
        for key in unknown { fault(key, "is not known; known are \(known.sorted().joined(separator: ", "))") }
    }
}

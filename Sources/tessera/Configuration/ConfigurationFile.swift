import Foundation
import Yams

/// One YAML configuration file, read key by key; all faults are collected and told together.
struct ConfigurationFile {
    /// What is wrong with a file, fault by fault.
    struct Faults: Error, CustomStringConvertible {
        var path: String
        var faults: [String]
        var description: String { "\(path): " + faults.joined(separator: "; ") }
    }

    let path: String
    private let keys: [String: Node]
    private var used: Set<String> = []
    private(set) var faults: [String] = []

    /// Reads a file of version 1.
    ///
    /// - Throws: `Faults` where it cannot be read at all.
    init(path: String) throws {
        self.path = path
        let text: String
        do {
            text = try String(contentsOfFile: path, encoding: .utf8)
        } catch {
            throw Faults(path: path, faults: ["cannot be read"])
        }
        let node: Node?
        do {
            node = try Yams.compose(yaml: text)
        } catch {
            throw Faults(path: path, faults: ["not YAML: \(error)"])
        }
        guard let mapping = node?.mapping else { throw Faults(path: path, faults: ["not a list of keys and values"]) }
        var keys: [String: Node] = [:]
        for (key, value) in mapping { keys[key.string ?? ""] = value }
        self.keys = keys
        let version = integer("version")
        if version != 1 {
            throw Faults(path: path, faults: ["`version` must be 1: this program knows no other"])
        }
    }

    mutating func string(_ key: String) -> String? {
        used.insert(key)
        guard let node = keys[key] else { return nil }
        guard let value = node.string, !value.isEmpty else {
            faults.append("`\(key)` must be a text")
            return nil
        }
        return value
    }

    mutating func integer(_ key: String) -> Int? {
        used.insert(key)
        guard let node = keys[key] else { return nil }
        guard let value = node.int else {
            faults.append("`\(key)` must be a whole number")
            return nil
        }
        return value
    }

    mutating func flag(_ key: String) -> Bool {
        used.insert(key)
        guard let node = keys[key] else { return false }
        guard let value = node.bool else {
            faults.append("`\(key)` must be true or false")
            return false
        }
        return value
    }

    mutating func address(_ key: String) -> ListenAddress? {
        guard let text = string(key) else { return nil }
        guard let address = ListenAddress(text) else {
            faults.append("`\(key)` must be HOST:PORT, such as 127.0.0.1:8080")
            return nil
        }
        return address
    }

    /// A list of mappings of texts, each with the given keys, perhaps the optional ones, and no others.
    mutating func list(_ key: String, of names: [String], optional: [String] = []) -> [[String: String]] {
        used.insert(key)
        guard let sequence = keys[key]?.sequence else {
            faults.append("`\(key)` must be a list")
            return []
        }
        var items: [[String: String]] = []
        for (index, node) in sequence.enumerated() {
            var item: [String: String] = [:]
            for (name, value) in node.mapping ?? [:] {
                let name = name.string ?? ""
                if !names.contains(name), !optional.contains(name) {
                    faults.append("`\(key)[\(index)].\(name)` is not known")
                }
                item[name] = value.string
            }
            for name in names where item[name] == nil { faults.append("`\(key)[\(index)].\(name)` is missing") }
            items.append(item)
        }
        return items
    }

    /// A list of mappings, for a reader of its own.
    mutating func mappings(_ key: String) -> [Node.Mapping] {
        used.insert(key)
        guard let sequence = keys[key]?.sequence else {
            faults.append("`\(key)` must be a list")
            return []
        }
        return sequence.enumerated().compactMap { index, node in
            guard let mapping = node.mapping else {
                faults.append("`\(key)[\(index)]` must be keys and values")
                return nil
            }
            return mapping
        }
    }

    /// A mapping, for a reader of its own; `nil` where there is none.
    mutating func mapping(_ key: String) -> Node.Mapping? {
        used.insert(key)
        guard let node = keys[key] else { return nil }
        guard let mapping = node.mapping else {
            faults.append("`\(key)` must be keys and values")
            return nil
        }
        return mapping
    }

    /// Notes a required value that is not there.
    mutating func require<T>(_ value: T?, _ key: String) -> T? {
        if value == nil, keys[key] == nil { faults.append("`\(key)` is missing") }
        return value
    }

    mutating func fault(_ text: String) { faults.append(text) }

    /// Refuses unknown keys and throws all faults.
    ///
    /// - Throws: `Faults`.
    func finish() throws {
        let unknown = keys.keys.filter { !used.contains($0) }.sorted()
        let all = faults + unknown.map { "`\($0)` is not known; known are \(used.sorted().joined(separator: ", "))" }
        if !all.isEmpty { throw Faults(path: path, faults: all) }
    }
}
